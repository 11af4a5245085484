using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// One Forward-Forward layer whose tensors all live on a GPU: the same steps as <see cref="FFLayer"/>, in libtorch's operations. What a
/// slot brings to the host is the sum of squares of each row, which the goodness is made of, and nothing else; its activity leaves the
/// device only where it must cross to another silo or to the readout (<see cref="Activations.Bytes"/>).
/// </summary>
/// <remarks>
/// Shapes: R rows of a slot, L learned rows, I inputs, U units. Its state has the names and shapes of <see cref="FFLayer"/>'s, so that a
/// checkpoint of one is one of the other.
/// </remarks>
internal sealed partial class DeviceLayer : IRecurrentLayer
{
    private const float Tiny = 1e-30f; // keeps a row of zeros from dividing by zero
    private readonly Device _device;
    private readonly IAllReduce? _others;
    private readonly Precision _precision;
    private readonly ScalarType _type;
    private readonly double _learningRate;
    private readonly float _kept;
    private readonly PeerNormalizationSpec _peers;
    private readonly IGoodness _objective;
    private readonly DropoutMask _dropout;
    private readonly DeviceParameter _weights; // (U, I)
    private readonly DeviceParameter _bias; // (1, U)
    private readonly DeviceTensor _means; // (1, U)
    private readonly float[] _goodness; // (R)
    private readonly int _places; // that see a part of their own
    private readonly Tensor? _seen; // columns of what comes from below, place by place; null: every unit sees all
    private readonly Tensor _input; // (R, places, I), in the run's precision
    private Tensor? _activity; // (R, U), fp32, of the last slot
    private float _scale = 1; // of the last slot's goodness

    /// <param name="device">Where everything is.</param>
    /// <param name="options">Of the layer.</param>
    /// <param name="others">Where this is one part of a layer: the way to the other ones.</param>
    /// <exception cref="InvalidInputException">There is no such goodness or optimizer.</exception>
    public DeviceLayer(Device device, LayerOptions options, IAllReduce? others = null)
    {
        var (shape, maxRows, optimizer) = (options.Shape, options.MaxRows, options.Optimizer);
        Index = options.Index;
        Shape = shape;
        _device = device;
        _others = others;
        (_precision, _type) = (options.Precision, options.Precision.ScalarType());
        (_learningRate, _peers, _kept) = (optimizer.LearningRate, options.PeerNormalization, (float)options.Kept);
        _objective = Seams.Goodness.Get(options.Goodness.Kind)(options.Goodness, shape.LayerUnits);
        _dropout = new DropoutMask(options);
        _weights = new DeviceParameter("weights", device, shape.Units, shape.Inputs, (float)optimizer.WeightDecay, optimizer, _type);
        _bias = new DeviceParameter("bias", device, 1, shape.Units, 0, optimizer, ScalarType.Float32);
        _means = new DeviceTensor("activity_means", device, 1, shape.Units);
        _goodness = new float[maxRows];
        (_places, _seen) = (shape.Field?.Places.Count ?? 1, Seen(shape.Field, device));
        _input = zeros(maxRows, _places, shape.Inputs, dtype: _type, device: device).DetachFromDisposeScope();
        FFLayer.DrawWeights(_weights.Value.Host, options.Seed, Index, shape.Part * shape.Units, WorkerPool.One);
        _weights.Value.Upload();
        _weights.Round();
        _means.Host.Row<float>(0).Fill(PeerNormalization.InitialMean);
        _means.Upload();
    }

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
        using var scope = NewDisposeScope();
        var y = Active(Load(input, null, new RowLayout(0, 0, input.Rows, 0)));
        if (Left(input.Rows, trainingSlot) is { } kept)
        {
            y.mul_(kept);
        }

        return Send(y, activity: y);
    }

    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        using var scope = NewDisposeScope();
        var measured = OfAllReplicas(LayerStep.Of(_goodness, layout, _objective, Shape.LayerUnits)).Require(Index, _learningRate);
        var step = new UpdateStep((float)(_learningRate * rateFactor), layout.Positive * Shape.Replicas, update);
        var y = _activity!.narrow(0, 0, layout.Learned);
        var pulls = new float[layout.Learned];
        for (var row = 0; row < pulls.Length; row++)
        {
            pulls[row] = _scale * _objective.Pull(_goodness, layout, row);
        }

        var gradient = Slopes(y).mul(tensor(pulls, device: _device).unsqueeze(1));
        if (_peers.Strength > 0)
        {
            gradient.narrow(0, 0, layout.Positive).add_(PeerPull(y.narrow(0, 0, layout.Positive), step.BatchSize));
        }

        var (products, bias) = (Gradient(gradient.to_type(_type), _input.narrow(0, 0, layout.Learned)), gradient.sum(0L, keepdim: true));
        _bias.Learn(OfAllReplicas(bias), step);
        _weights.Learn(OfAllReplicas(products), step);
        return measured;
    }

    public void Dispose()
    {
        _activity?.Dispose();
        _seen?.Dispose();
        _input.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _means.Dispose();
    }

    private Tensor Active(Tensor x) => Product(x).to_type(ScalarType.Float32).add_(_bias.Value.OnDevice).relu_();

    /// <summary>1 where a unit stays, 0 where it is left out; null: all stay.</summary>
    private Tensor? Left(int rows, long? number)
    {
        var drawn = _dropout.IsOn ? number : null;
        _scale = drawn is null ? 1 : _dropout.GoodnessScale;
        return drawn is { } slot ? _dropout.Kept(rows, Shape.Units, slot).to(_device, disposeAfter: true) : null;
    }

    /// <param name="states">R x U, fp32.</param>
    /// <param name="activity">What is learned from; kept.</param>
    private Activations Send(Tensor states, Tensor activity)
    {
        var (squares, rows) = (states.mul(states).sum(1L), (int)states.shape[0]);
        using (var host = squares.cpu()) // the one wait of a slot: how far each row is pulled is decided by this
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(_goodness);
        }

        if (Shape.Parts > 1)
        {
            _others!.Sum(_goodness.AsSpan(0, rows));
            squares = tensor(_goodness.AsSpan(0, rows).ToArray(), device: _device);
        }

        TakeGoodness(states, rows);

        var normalized = states.mul(squares.div(Shape.LayerUnits).add_(Tiny).rsqrt_().unsqueeze(1)).to_type(_type);
        _activity?.Dispose();
        _activity = activity.DetachFromDisposeScope();
        return Activations.OnDevice(normalized.DetachFromDisposeScope(), _precision);
    }

    // m = decay m + (1 - decay) mean(y), and strength (mean(m) - m) for every unit (Hinton's code).
    private Tensor PeerPull(Tensor positive, int batch)
    {
        var share = MathF.Sqrt(_scale) * (float)((1 - _peers.Decay) / batch);
        var means = _means.OnDevice.mul_((float)_peers.Decay).add_(OfAllReplicas(positive.sum(0L, keepdim: true)), share);
        return means.mean().sub(means).mul_((float)_peers.Strength);
    }
}
