using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Layers.Goodnesses;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// One Forward-Forward layer whose tensors all live on a GPU: the same steps as <see cref="FFLayer"/>, in libtorch's operations. What a slot brings to the host is the sum of squares of each row,
/// which the goodness is made of, and nothing else; its activity leaves the device only where it must cross to another silo or to the readout (<see cref="Activations.Bytes"/>).
/// </summary>
/// <remarks>Shapes: R rows of a slot, L learned rows, I inputs, U units. Its state has the names and shapes of <see cref="FFLayer"/>'s, so that a checkpoint of one is one of the other.</remarks>
public sealed class DeviceLayer : ILayer
{
    private const float Tiny = 1e-30f; // keeps a row of zeros from dividing by zero
    private readonly Device _device;
    private readonly Precision _precision;
    private readonly ScalarType _type;
    private readonly double _learningRate;
    private readonly PeerNormalizationSpec _peers;
    private readonly IGoodness _objective;
    private readonly DropoutMask _dropout;
    private readonly DeviceParameter _weights, _bias; // (U, I), (1, U)
    private readonly DeviceTensor _means; // (1, U)
    private readonly float[] _goodness; // (R)
    private readonly Tensor _input; // (R, I), in the run's precision
    private Tensor? _activity; // (R, U), fp32, of the last slot
    private float _scale = 1; // of the last slot's goodness

    /// <param name="device">Where everything is.</param>
    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="index">Position in the network, from 0; keys the initial weights.</param>
    /// <param name="shape">Of a whole layer that hears from below alone.</param>
    /// <param name="maxRows">Most rows that a slot carries.</param>
    public DeviceLayer(Device device, ExperimentSpec spec, int index, LayerShape shape, int maxRows)
    {
        (Index, Shape, _device, _precision, _type) = (index, shape, device, spec.Precision, spec.Precision.ScalarType());
        (_learningRate, _peers) = (spec.Optimizer.LearningRate, spec.PeerNormalization);
        _objective = Goodness.Of(spec.Goodness, shape.Units);
        _dropout = new DropoutMask(spec, index, maxRows);
        _weights = new DeviceParameter("weights", device, shape.Units, shape.Inputs, (float)spec.Optimizer.WeightDecay, spec.Optimizer, _type);
        _bias = new DeviceParameter("bias", device, 1, shape.Units, 0, spec.Optimizer, ScalarType.Float32);
        _means = new DeviceTensor("activity_means", device, 1, shape.Units);
        _goodness = new float[maxRows];
        _input = zeros(maxRows, shape.Inputs, dtype: _type, device: device).DetachFromDisposeScope();
        FFLayer.DrawWeights(_weights.Value.Host, spec.Seed, index, firstUnit: 0, Threads.One);
        _weights.Value.Upload();
        _weights.Round();
        _means.Host.Row<float>(0).Fill(PeerNormalization.InitialMean);
        _means.Upload();
    }

    /// <exception cref="InvalidInputException">The spec wants what is computed on CPUs alone.</exception>
    internal static DeviceLayer Of(Device device, ExperimentSpec spec, LayerPart part, int pixels, SlotPlan plan) => spec.TopDown.IsOn || spec.Local.IsOn || part.Count > 1
        ? throw new InvalidInputException($"topDown, local, shards, replicas: layers with signals from above, local fields or several stages are computed on CPUs, and this silo has {device}; expected devices cpu.")
        : new DeviceLayer(device, spec, part.Layer, LayerShape.Of(spec, part, pixels, plan.Classes), plan.MaxRows);

    public int Index { get; }

    public LayerShape Shape { get; }

    public ReadOnlySpan<float> LastGoodness => _goodness;

    /// <summary>Copied from the device when it is asked for.</summary>
    public IEnumerable<(string Name, Matrix Value)> State => Tensors.Select(tensor => (tensor.Name, tensor.Download()));

    private IEnumerable<DeviceTensor> Tensors => [_weights.Value, _bias.Value, .. _weights.Moments, .. _bias.Moments, _means];

    public void Restore(IReadOnlyList<StateTensor> state)
    {
        StateTensor.Restore(Tensors.Select(tensor => (tensor.Name, tensor.Host)), state);
        foreach (var tensor in Tensors)
        {
            tensor.Upload();
        }

        _weights.Round();
    }

    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        Require(input);
        using var scope = NewDisposeScope();
        var x = _input.narrow(0, 0, input.Rows);
        input.CopyTo(x);
        var y = x.matmul(_weights.Rounded.t()).to_type(ScalarType.Float32).add_(_bias.Value.OnDevice).relu_();
        var drawn = _dropout.IsOn ? trainingSlot : null;
        if (drawn is { } slot)
        {
            using var kept = _dropout.Kept(input.Rows, Shape.Units, slot);
            y.mul_(kept.to(_device));
        }

        var squares = y.mul(y).sum(1L);
        var normalized = y.mul(squares.div(Shape.Units).add_(Tiny).rsqrt_().unsqueeze(1)).to_type(_type);
        _activity?.Dispose();
        _activity = y.DetachFromDisposeScope();
        _scale = drawn is null ? 1 : _dropout.GoodnessScale;
        using var host = squares.cpu(); // the one wait of a slot: what is pulled how far is decided by this
        var sums = host.data<float>();
        for (var row = 0; row < input.Rows; row++)
        {
            _goodness[row] = _objective.Of(_scale * sums[row]);
        }

        return Activations.OnDevice(normalized.DetachFromDisposeScope(), _precision);
    }

    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        using var scope = NewDisposeScope();
        var measured = LayerStep.Of(_goodness, layout, _objective, Shape.Units).Require(Index, _learningRate);
        var step = new UpdateStep((float)(_learningRate * rateFactor), layout.Positive, update);
        var y = _activity!.narrow(0, 0, layout.Learned);
        var pulls = new float[layout.Learned];
        for (var row = 0; row < pulls.Length; row++)
        {
            pulls[row] = _scale * _objective.Pull(_goodness[row], _goodness[layout.Paired(row)], row < layout.Positive);
        }

        var gradient = y.mul(tensor(pulls, device: _device).unsqueeze(1));
        if (_peers.Strength > 0)
        {
            gradient.narrow(0, 0, layout.Positive).add_(PeerPull(y.narrow(0, 0, layout.Positive)));
        }

        _bias.Learn(gradient.sum(0L, keepdim: true), step);
        _weights.Learn(gradient.to_type(_type).t().matmul(_input.narrow(0, 0, layout.Learned)), step);
        return measured;
    }

    public void Dispose()
    {
        _activity?.Dispose();
        _input.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _means.Dispose();
    }

    // m = decay m + (1 - decay) mean(y), and strength (mean(m) - m) for every unit (Hinton's code).
    private Tensor PeerPull(Tensor positive)
    {
        var share = MathF.Sqrt(_scale) * (float)((1 - _peers.Decay) / positive.shape[0]);
        var means = _means.OnDevice.mul_((float)_peers.Decay).add_(positive.sum(0L, keepdim: true), share);
        return means.mean().sub(means).mul_((float)_peers.Strength);
    }

    private void Require(Activations input)
    {
        if (input.Rows > _goodness.Length || input.Width != Shape.Inputs || input.Precision != _precision)
        {
            throw new ArgumentException($"Layer {Index + 1} takes at most {_goodness.Length} rows of {Shape.Inputs} in {_precision}, not {input.Rows} rows of {input.Width} in {input.Precision}.", nameof(input));
        }
    }
}
