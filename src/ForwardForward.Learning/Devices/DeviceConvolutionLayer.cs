using System.Runtime.InteropServices;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// One convolutional layer whose tensors all live on a GPU: what <see cref="ConvolutionLayer"/> computes, in libtorch's operations, with
/// local autograd for the gradient. Only operations that add up in one order are used. Where a row carries shortcuts, rows go by way of
/// the host.
/// </summary>
/// <remarks>Its state has the names, shapes and order of the CPU's, so that a checkpoint of one is one of the other.</remarks>
internal sealed partial class DeviceConvolutionLayer : ILayer
{
    private readonly Device _device;
    private readonly ConvolutionOptions _options;
    private readonly ConvolutionShape _shape;
    private readonly ContrastCells? _cells;
    private readonly Dictionary<string, DeviceParameter> _parameters = [];
    private readonly Dictionary<string, DeviceTensor> _tensors = [];
    private readonly List<string> _order;
    private readonly float[] _goodness;
    private Dictionary<string, Tensor> _leaves = []; // of what is learned, in the graph of the training slot that passed last
    private Tensor? _graphGoodness; // (N, C)
    private Tensor? _graphNormalized; // (N, U, H, W)

    public DeviceConvolutionLayer(Device device, ConvolutionOptions options)
    {
        (_device, _options, _shape) = (device, options, options.Shape);
        _cells = options.Contrast is null ? null : new ContrastCells(_shape);
        _goodness = new float[options.MaxRows * _shape.Classes];
        // the CPU's layer says what there is, and draws how it starts
        using var drawn = new ConvolutionLayer(options);
        var state = drawn.State.Select(tensor => StateTensor.Of(tensor.Name, tensor.Value)).ToList();
        _order = [.. state.Select(tensor => tensor.Name)];
        foreach (var tensor in state)
        {
            Add(tensor);
        }

        Restore(state);
    }

    public int Index => _options.Index;

    public ReadOnlySpan<float> LastGoodness => _goodness;

    /// <summary>Copied from the device when it is asked for.</summary>
    public IEnumerable<(string Name, Matrix Value)> State => _order.Select(name => (name, _tensors[name].Download()));

    public void Restore(IReadOnlyList<StateTensor> state)
    {
        StateTensor.Restore(_order.Select(name => (name, _tensors[name].Host)), state);
        foreach (var tensor in _tensors.Values)
        {
            tensor.Upload();
        }
    }

    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        Forget();
        using var gradients = set_grad_enabled(trainingSlot is not null);
        using var scope = NewDisposeScope();
        _leaves = _parameters.ToDictionary(one => one.Key, one => Leaf(one.Value.Value.OnDevice, trainingSlot is not null));
        var rows = empty(input.Rows, input.Width, device: _device);
        input.CopyTo(rows);
        var activity = Activity(rows, trainingSlot);
        var normalized = Normalized(activity, trainingSlot is not null);
        var goodness = Goodness(activity, normalized);
        using (var host = goodness.detach().cpu().contiguous())
        {
            MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(_goodness);
        }

        if (trainingSlot is not null)
        {
            (_graphGoodness, _graphNormalized) = (goodness.DetachFromDisposeScope(), normalized.alias().DetachFromDisposeScope());
            _leaves.Values.ToList().ForEach(leaf => leaf.DetachFromDisposeScope());
        }
        else
        {
            _leaves = [];
        }

        var made = _shape.Spec.Pool == Pooling.Average ? Squares(normalized, _shape.Activity).mean([-1]) : normalized;
        return Send(input, made.detach().permute(0, 2, 3, 1).reshape(input.Rows, _shape.Made.Size).contiguous());
    }

    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        if (_graphGoodness is null || labels.Length != _graphGoodness.shape[0])
        {
            throw new InvalidOperationException(
                "There is nothing to learn from: the rows that went through last were of no training slot."
            );
        }

        using var scope = NewDisposeScope();
        var pulls = _goodness.AsSpan(0, labels.Length * _shape.Classes).ToArray();
        var measured = ChannelSets.Measure(_shape, pulls, labels).Require(Index, _options.Optimizer.LearningRate);
        if (rateFactor > 0)
        {
            var likelihood = (_graphGoodness * tensor(pulls, device: _device).view(labels.Length, -1)).sum();
            if (_options.Contrast is not null)
            {
                likelihood -= Contrast(labels, update);
            }

            if (_shape.Spec.Goodness == ChannelGoodness.Assigned)
            {
                likelihood -= labels.Length * ChannelAssignment.Spread * Entropy();
            }

            likelihood.backward();
            Move(new UpdateStep((float)(_options.Optimizer.LearningRate * rateFactor), labels.Length, update));
        }

        Forget();
        return measured;
    }

    public void Dispose()
    {
        Forget();
        foreach (var parameter in _parameters.Values)
        {
            parameter.Dispose();
        }

        foreach (var tensor in _tensors.Values.Except(_parameters.Values.SelectMany(one => one.Moments.Prepend(one.Value))))
        {
            tensor.Dispose();
        }
    }

    // A tensor of the state; what is learned brings its moments along.
    private void Add(StateTensor tensor)
    {
        if (_tensors.ContainsKey(tensor.Name))
        {
            return;
        }

        if (Decay(tensor.Name) is not { } decay)
        {
            _tensors[tensor.Name] = new DeviceTensor(tensor.Name, _device, tensor.Rows, tensor.Columns);
            return;
        }

        var parameter = new DeviceParameter(
            tensor.Name,
            _device,
            tensor.Rows,
            tensor.Columns,
            decay,
            _options.Optimizer,
            ScalarType.Float32
        );
        _parameters[tensor.Name] = parameter;
        foreach (var part in parameter.Moments.Prepend(parameter.Value))
        {
            _tensors[part.Name] = part;
        }
    }

    /// <returns>Null where it is not learned.</returns>
    private float? Decay(string name) =>
        name switch
        {
            "weights" or "contrast" or ChannelAssignment.Scores => (float)_options.Optimizer.WeightDecay,
            "bias" or ChannelAssignment.Heat => 0,
            "normalization.scale" or "normalization.shift" when _shape.Spec.Goodness == ChannelGoodness.MeanOfSquares => 0,
            _ => null,
        };

    private static Tensor Leaf(Tensor value, bool learns) => learns ? value.detach().requires_grad_() : value.alias();

    private void Move(UpdateStep step)
    {
        var slopes = _parameters.Keys.ToDictionary(name => name, name => _leaves[name].grad!);
        if (_options.Optimizer.Clip > 0)
        {
            var squares = _parameters.Keys.Sum(name => slopes[name].to_type(ScalarType.Float64).pow(2).sum().cpu().item<double>());
            var share = Clipping.Share(_options.Optimizer.Clip, Math.Sqrt(squares) / step.BatchSize);
            slopes = slopes.ToDictionary(one => one.Key, one => one.Value * share);
        }

        foreach (var (name, parameter) in _parameters)
        {
            parameter.Learn(slopes[name], step);
        }

        if (_tensors.TryGetValue(ChannelAssignment.Epoch, out var epoch))
        {
            epoch.OnDevice.fill_(step.Update / Math.Max(1, _options.UpdatesPerEpoch));
        }
    }

    // Shortcuts are put together on the host.
    private Activations Send(Activations input, Tensor made)
    {
        if (_shape.RowOut == _shape.Made.Size && _shape.Route.Taken is null)
        {
            return Activations.OnDevice(made.DetachFromDisposeScope(), Precision.Fp32);
        }

        var output = Activations.Rent(input.Rows, _shape.RowOut, Precision.Fp32);
        using var host = made.cpu();
        var (from, below) = (MemoryMarshal.Cast<byte, float>(host.bytes).ToArray(), MemoryMarshal.Cast<byte, float>(input.Bytes).ToArray());
        var rows = MemoryMarshal.Cast<byte, float>(output.Bytes);
        for (var picture = 0; picture < input.Rows; picture++)
        {
            var row = rows.Slice(picture * output.Width, output.Width);
            from.AsSpan(picture * _shape.Made.Size, _shape.Made.Size).CopyTo(row);
            ShortcutRows.Complete(_shape, below.AsSpan(picture * input.Width, input.Width), row);
        }

        return output;
    }

    private void Forget()
    {
        _graphGoodness?.Dispose();
        _graphNormalized?.Dispose();
        foreach (var leaf in _leaves.Values)
        {
            leaf.Dispose();
        }

        (_graphGoodness, _graphNormalized, _leaves) = (null, null, []);
    }
}
