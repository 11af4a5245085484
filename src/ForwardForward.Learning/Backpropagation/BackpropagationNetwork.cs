using System.Globalization;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>
/// A whole network that learns by backpropagation, in one stage: the baseline. It cannot be spread over layers that learn at the same time,
/// because the gradient of a layer is made of the gradient of the layer above, which needs the loss, which needs the activity of all
/// layers: while a batch goes up and its gradient comes down, every layer has to keep its activity and wait.
/// </summary>
/// <remarks>
/// Always fp32. Learns the log likelihood of the smoothed label (Szegedy et al. 2016) by autograd; what comes out are class probabilities.
/// </remarks>
internal sealed class BackpropagationNetwork : ILayer
{
    private readonly ExperimentSpec _spec;
    private readonly INetwork _network;
    private readonly List<NetworkWeights> _layers;
    private readonly List<IParameterUpdate> _optimizers;
    private readonly int _classes;
    private TorchSharp.DisposeScope? _step; // holds what backpropagation needs of the last training slot
    private Tensor? _logits;

    /// <exception cref="InvalidInputException">The network cannot be made for pictures of this size.</exception>
    public BackpropagationNetwork(ExperimentSpec spec, int pixels, int classes)
    {
        (_spec, _classes) = (spec, classes);
        _network = spec.Backpropagation.Network == NetworkKind.Convolutional ? new ConvolutionalNetwork() : new Perceptron();
        _layers = [.. NetworkShape.Of(spec, pixels, classes).Select((shape, i) => new NetworkWeights(spec.Seed, i, shape))];
        foreach (var (_, value, _) in Parameters)
        {
            value.Tensor.requires_grad = true;
        }

        _optimizers =
        [
            .. Parameters.Select(parameter => new Parameter(parameter.Name, parameter.Value, null, parameter.Decay).Update(spec.Optimizer)),
        ];
    }

    public int Index => 0;

    public ReadOnlySpan<float> LastGoodness => [];

    /// <summary>Hears of every step at which moment it holds most: all activity and all gradients.</summary>
    public Action? GradientsAreThere { get; init; }

    public IEnumerable<(string Name, Matrix Value)> State =>
        [.. Parameters.Select(parameter => (parameter.Name, parameter.Value)), .. _optimizers.SelectMany(optimizer => optimizer.State)];

    private IEnumerable<(string Name, Matrix Value, float Decay)> Parameters =>
        _layers.SelectMany(
            (layer, i) =>
                new[] { ($"weights.{i + 1}", layer.Weights, (float)_spec.Optimizer.WeightDecay), ($"bias.{i + 1}", layer.Bias, 0f) }
        );

    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        Product.HoldToOneThread();
        Forget();
        var scope = NewDisposeScope();
        var x = Tensor(MemoryMarshal.Cast<byte, float>(input.Bytes), input.Rows);
        Tensor probabilities;
        if (trainingSlot is { } slot)
        {
            _logits = _network.Logits(x, _layers, (activity, layer) => Dropout(activity, layer, slot));
            probabilities = nn.functional.softmax(_logits.detach(), 1);
            _step = scope;
        }
        else
        {
            using var _ = no_grad();
            probabilities = nn.functional.softmax(_network.Logits(x, _layers, (activity, _) => activity), 1);
        }

        var output = Activations.Rent(input.Rows, _classes, Precision.Fp32);
        probabilities.bytes.CopyTo(output.Bytes);
        if (trainingSlot is null)
        {
            scope.Dispose();
        }

        return output;
    }

    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        if (_logits is null)
        {
            throw new InvalidOperationException(
                "There is nothing to learn from: the rows that went through last were of no training slot."
            );
        }

        double smoothing = _spec.Backpropagation.LabelSmoothing;
        var targets = new float[labels.Length * _classes];
        Array.Fill(targets, (float)(smoothing / _classes));
        for (var i = 0; i < labels.Length; i++)
        {
            targets[(i * _classes) + labels[i]] += (float)(1 - smoothing);
        }

        var likelihood = (nn.functional.log_softmax(_logits, 1) * Tensor(targets, labels.Length)).sum();
        var loss = -likelihood.item<float>() / labels.Length;
        if (!float.IsFinite(loss))
        {
            throw new DivergedException(
                "The network",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its loss is {loss}; lower optimizer.learningRate ({_spec.Optimizer.LearningRate})."
                )
            );
        }

        var gradients = autograd.grad([likelihood], [.. Parameters.Select(parameter => parameter.Value.Tensor)]);
        GradientsAreThere?.Invoke();
        var step = new UpdateStep((float)(_spec.Optimizer.LearningRate * rateFactor), labels.Length, update);
        for (var i = 0; i < gradients.Count; i++)
        {
            _optimizers[i].Step<float, Fp32Element>(0, MemoryMarshal.Cast<byte, float>(gradients[i].contiguous().bytes), step);
        }

        Forget();
        return new LayerStep(0, 0, loss);
    }

    public void Restore(IReadOnlyList<StateTensor> state) => StateTensor.Restore(State, state);

    public void Dispose()
    {
        Forget();
        _layers.ForEach(layer => layer.Dispose());
        _optimizers.ForEach(optimizer => optimizer.Dispose());
    }

    // In libtorch's own memory: sums over an array of ours would depend on where it happens to lie.
    private static Tensor Tensor(ReadOnlySpan<float> values, int rows)
    {
        var made = empty(rows, values.Length / rows);
        MemoryMarshal.AsBytes(values).CopyTo(made.bytes);
        return made;
    }

    private void Forget()
    {
        _step?.Dispose();
        (_step, _logits) = (null, null);
    }

    // Those that stay count 1 / (1 - share) (Srivastava et al. 2014); which ones is a function of seed, layer, slot and row.
    private Tensor Dropout(Tensor activity, int layer, long slot)
    {
        var share = _spec.Regularization.Dropout;
        if (share == 0)
        {
            return activity;
        }

        int rows = (int)activity.shape[0],
            units = (int)activity.shape[1];
        var mask = new float[rows * units];
        var (threshold, kept) = ((ushort)Math.Round(share * (1 << 16)), (float)(1 / (1 - share)));
        for (var row = 0; row < rows; row++)
        {
            var random = new KeyedRandom(_spec.DrawSeed, RandomPurpose.Dropout, layer, (slot * rows) + row);
            ulong bits = 0;
            for (var unit = 0; unit < units; unit++)
            {
                bits = unit % 4 == 0 ? random.NextUInt64() : bits >> 16;
                mask[(row * units) + unit] = (ushort)bits < threshold ? 0 : kept;
            }
        }

        return activity * Tensor(mask, rows);
    }
}
