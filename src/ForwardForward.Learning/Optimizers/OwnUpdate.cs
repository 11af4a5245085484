using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Optimizers;

/// <summary>
/// Lets an <see cref="IOptimizer"/> learn a parameter: its gradient in fp32 and as a mean, and the rounded copy afterwards.
/// </summary>
internal sealed class OwnUpdate : IParameterUpdate
{
    private readonly Parameter _parameter;
    private readonly IOptimizer _optimizer;
    private readonly Matrix[] _moments;

    public OwnUpdate(Parameter parameter, IOptimizer optimizer)
    {
        (_parameter, _optimizer) = (parameter, optimizer);
        _moments =
        [
            .. optimizer.Moments.Select(_ => new Matrix(parameter.Master.Rows, parameter.Master.Columns, torch.ScalarType.Float32)),
        ];
    }

    public IEnumerable<(string Name, Matrix Moment)> State =>
        _optimizer.Moments.Select((name, i) => ($"{_parameter.Name}.{name}", _moments[i]));

    public void Step<T, TElement>(int firstRow, ReadOnlySpan<T> gradient, in UpdateStep step)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        var mean = new float[gradient.Length];
        if (typeof(T) == typeof(ushort))
        {
            Rounding.FromBf16(MemoryMarshal.Cast<T, ushort>(gradient), mean);
        }
        else
        {
            MemoryMarshal.Cast<T, float>(gradient).CopyTo(mean);
        }

        var share = 1f / step.BatchSize;
        foreach (ref var slope in mean.AsSpan())
        {
            slope *= share;
        }

        var master = _parameter.Master;
        _optimizer.Step(new OptimizerRows(master, firstRow, mean, _moments, _parameter.WeightDecay, step));
        if (_parameter.Rounded is { } rounded)
        {
            var rows = gradient.Length / master.Columns;
            Rounding.ToBf16(master.RowSpan<float>(firstRow, rows), rounded.RowSpan<ushort>(firstRow, rows));
        }
    }

    public void Dispose() => Array.ForEach(_moments, moment => moment.Dispose());
}
