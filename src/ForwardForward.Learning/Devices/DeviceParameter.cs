using System.Runtime.InteropServices;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// A parameter on a device with its optimizer's moments: the formulas of <see cref="AveragedGradient"/> and <see cref="Adam"/>.
/// </summary>
internal sealed class DeviceParameter : IDisposable
{
    private const float Epsilon = 1e-8f;
    private readonly OptimizerSpec _optimizer;
    private readonly float _weightDecay;
    private readonly IOptimizer? _own;

    public DeviceParameter(
        string name,
        Device device,
        int rows,
        int columns,
        float weightDecay,
        OptimizerSpec optimizer,
        ScalarType rounded
    )
    {
        (_weightDecay, _optimizer) = (weightDecay, optimizer);
        Value = new DeviceTensor(name, device, rows, columns);
        Rounded =
            rounded == ScalarType.Float32 ? Value.OnDevice : zeros(rows, columns, dtype: rounded, device: device).DetachFromDisposeScope();
        _own = optimizer.Kind is OptimizerKind.Adam or OptimizerKind.AveragedGradient
            ? null
            : Seams.Optimizers.Get(optimizer.Kind)(optimizer);
        string[] moments = optimizer.Kind switch
        {
            OptimizerKind.Adam => ["first_moment", "second_moment"],
            OptimizerKind.AveragedGradient => ["average"],
            _ => [.. _own!.Moments],
        };
        Moments = [.. moments.Select(moment => new DeviceTensor($"{name}.{moment}", device, rows, columns))];
    }

    public DeviceTensor Value { get; }

    public IReadOnlyList<DeviceTensor> Moments { get; }

    /// <summary>As products take it; the value itself in fp32.</summary>
    public Tensor Rounded { get; }

    public void Round()
    {
        if (!ReferenceEquals(Rounded, Value.OnDevice))
        {
            Rounded.copy_(Value.OnDevice);
        }
    }

    /// <param name="gradient">Sums over the batch; of any precision.</param>
    public void Learn(Tensor gradient, in UpdateStep step)
    {
        if (_own is not null)
        {
            LearnOnHost(_own, gradient, step);
            Round();
            return;
        }

        var (first, kept) = (Moments[0].OnDevice, 1 - (step.Rate * _weightDecay));
        first.mul_((float)_optimizer.Momentum).add_(gradient, (float)((1 - _optimizer.Momentum) / step.BatchSize));
        if (_optimizer.Kind == OptimizerKind.Adam)
        {
            var mean = gradient.to_type(ScalarType.Float32).div(step.BatchSize);
            var second = Moments[1]
                .OnDevice.mul_((float)_optimizer.SecondMomentum)
                .addcmul_(mean, mean, (float)(1 - _optimizer.SecondMomentum));
            var root = second.mul((float)(1 / (1 - Math.Pow(_optimizer.SecondMomentum, step.Update)))).sqrt_().add_(Epsilon);
            Value.OnDevice.mul_(kept).addcdiv_(first, root, (float)(step.Rate / (1 - Math.Pow(_optimizer.Momentum, step.Update))));
        }
        else
        {
            Value.OnDevice.mul_(kept).add_(first, step.Rate);
        }

        Round();
    }

    // What somebody else has written knows spans, not devices.
    private void LearnOnHost(IOptimizer own, Tensor gradient, in UpdateStep step)
    {
        using var mean = gradient.to_type(ScalarType.Float32).div(step.BatchSize).cpu();
        var values = Value.Download();
        Matrix[] moments = [.. Moments.Select(moment => moment.Download())];
        own.Step(new OptimizerRows(values, 0, MemoryMarshal.Cast<byte, float>(mean.bytes), moments, _weightDecay, step));
        foreach (var changed in Moments.Prepend(Value))
        {
            changed.Upload();
        }
    }

    public void Dispose()
    {
        if (!ReferenceEquals(Rounded, Value.OnDevice))
        {
            Rounded.Dispose();
        }

        Value.Dispose();
        foreach (var moment in Moments)
        {
            moment.Dispose();
        }
    }
}
