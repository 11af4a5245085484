using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace ForwardForward.Benchmarks.Steps;

/// <summary>
/// A step of a convolutional layer the way public PyTorch codes write it: <c>conv2d</c>, the goodness of each set, cross-entropy,
/// <c>backward</c> and Adam, with libtorch's own threads; without contrast and shortcuts.
/// </summary>
internal sealed class ConvolutionAutograd : IDisposable
{
    private const double BatchEpsilon = 1e-4;
    private readonly ConvolutionShape _shape;
    private readonly LibraryConvolution _library;
    private readonly Tensor _seen;
    private readonly Tensor _labels;
    private readonly Parameter _weights;
    private readonly Parameter? _bias;
    private readonly Parameter _scale;
    private readonly Parameter _shift;
    private readonly optim.Optimizer _optimizer;

    public ConvolutionAutograd(ExperimentSpec spec, ConvolutionShape shape, LibraryConvolution library, float[] pictures, byte[] labels)
    {
        (_shape, _library) = (shape, library);
        _seen = LibraryConvolution.ChannelsFirst(pictures, labels.Length, shape.In);
        _labels = tensor(labels).to(ScalarType.Int64).DetachFromDisposeScope();
        var random = new KeyedRandom(1, RandomPurpose.Weights, 0, 0);
        var limit = 1 / MathF.Sqrt(shape.Inputs);
        float[] weights = [.. Enumerable.Range(0, shape.Channels * shape.Inputs).Select(_ => ((2 * random.NextSingle()) - 1) * limit)];
        _weights = new Parameter(LibraryConvolution.ChannelsFirst(weights, shape.Channels, LibraryConvolution.KernelOf(shape)));
        _bias = shape.Spec.Bias ? new Parameter(zeros(shape.Channels)) : null;
        (_scale, _shift) = (new Parameter(ones(shape.Channels)), new Parameter(zeros(shape.Channels)));
        Parameter[] learned = [.. new[] { _weights, _bias, _scale, _shift }.OfType<Parameter>()];
        _optimizer = optim.Adam(learned, spec.Optimizer.LearningRate, weight_decay: spec.Optimizer.WeightDecay);
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var activity = relu(_library.Convolve(_seen, _weights, _bias));
        if (_shape.Spec.Pool == Pooling.Maximum)
        {
            activity = max_pool2d(activity, _shape.Spec.PoolSide);
        }

        var normalized = Normalized(activity);
        var raised = _shape.Spec.Goodness == ChannelGoodness.MeanOfSquares ? normalized.square() : activity;
        var goodness = raised.mean([2, 3]).reshape(_labels.shape[0], _shape.Classes, -1).mean([2]);
        cross_entropy(goodness, _labels).backward();
        _optimizer.step();
        if (_shape.Spec.Pool == Pooling.Average)
        {
            _ = avg_pool2d(normalized.detach(), _shape.Spec.PoolSide);
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var tensor in new Tensor?[] { _seen, _labels, _weights, _bias, _scale, _shift })
        {
            tensor?.Dispose();
        }
    }

    private Tensor Normalized(Tensor activity) =>
        _shape.Spec.Normalization switch
        {
            ChannelNormalization.Batch => batch_norm(activity, null, null, _scale, _shift, training: true, eps: BatchEpsilon),
            ChannelNormalization.Group => group_norm(activity, _shape.Classes),
            ChannelNormalization.Layer => group_norm(activity, 1),
            _ => group_norm(activity, _shape.Channels),
        };
}
