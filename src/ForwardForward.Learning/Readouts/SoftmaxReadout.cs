using System.Runtime.Intrinsics;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Readouts;

/// <summary>
/// The linear classifier: softmax of the normalized activity of the featured layers times a weight matrix, without bias, weights from 0
/// (Hinton 2022, section 3.3). It learns from the neutral rows with the averaged-gradient rule, always in fp32.
/// </summary>
/// <remarks>Shapes: N neutral rows, F features (units of all featured layers side by side), C classes.</remarks>
internal sealed class SoftmaxReadout : IClassifier
{
    private readonly ReadoutSpec _spec;
    private readonly float _momentum;
    private readonly bool _isPortable;
    private readonly IReadOnlyList<ReadoutInput> _seen;
    private readonly int[] _offsets;
    private readonly Matrix _weights; // (C, F)
    private readonly Matrix _average; // (C, F)
    private readonly Matrix _features; // (N, F)
    private readonly Matrix _probabilities; // (N, C)
    private readonly Tensor _weightsT; // (F, C)
    private readonly Dictionary<int, (Tensor Features, Tensor Probabilities, Tensor ProbabilitiesT)> _views = [];

    /// <param name="spec">How it learns.</param>
    /// <param name="momentum">Share of the old value in the averaged gradient.</param>
    /// <param name="seen">Units of every featured layer, from the bottom up.</param>
    /// <param name="classes">C.</param>
    /// <param name="maxRows">Most neutral rows of a slot.</param>
    /// <param name="isPortable">Whether its bits have to be those of every machine.</param>
    public SoftmaxReadout(
        ReadoutSpec spec,
        double momentum,
        IReadOnlyList<ReadoutInput> seen,
        int classes,
        int maxRows,
        bool isPortable = false
    )
    {
        _isPortable = isPortable;
        (_spec, _momentum, Classes) = (spec, (float)momentum, classes);
        (_seen, _offsets) = (seen, [.. seen.Select((_, i) => seen.Take(i).Sum(feature => feature.Units))]);
        var features = seen.Sum(feature => feature.Units);
        (_weights, _average) = (new Matrix(classes, features, ScalarType.Float32), new Matrix(classes, features, ScalarType.Float32));
        (_features, _probabilities) = (new Matrix(maxRows, features, ScalarType.Float32), new Matrix(maxRows, classes, ScalarType.Float32));
        _weightsT = _weights.Tensor.t().DetachFromDisposeScope();
    }

    public int Classes { get; }

    /// <summary>Everything that the readout's future depends on, in fixed order.</summary>
    public IEnumerable<(string Name, Matrix Value)> State => [("weights", _weights), ("weights.average", _average)];

    /// <summary>Takes the neutral rows of one featured layer.</summary>
    /// <param name="feature">Position among the featured layers, from 0.</param>
    /// <param name="rows">Normalized activity, N x units; not kept.</param>
    public void Load(int feature, Activations rows)
    {
        var (element, seen) = (rows.Precision.ElementBytes(), _seen[feature]);
        for (var row = 0; row < rows.Rows; row++)
        {
            var target = _features.Row<float>(row).Slice(_offsets[feature], seen.Units);
            var bytes = rows.Bytes.Slice(((row * rows.Width) + seen.First) * element, seen.Units * element);
            Rounding.From(rows.Precision, bytes, target);
        }
    }

    /// <summary>Class probabilities of the loaded rows, row-major N x C; valid until the next call.</summary>
    public ReadOnlySpan<float> Classify(int rows)
    {
        if (_isPortable)
        {
            OrderedProduct.OfRows(_probabilities, _features, _weights, rows);
        }
        else
        {
            var views = Views(rows);
            Product.Into(views.Probabilities, views.Features, _weightsT);
        }

        for (var row = 0; row < rows; row++)
        {
            Softmax(_probabilities.Row<float>(row), _isPortable);
        }

        return _probabilities.RowSpan<float>(0, rows);
    }

    /// <summary>
    /// Learns from the rows that <see cref="Classify"/> saw last: the gradient of log p(label) is (one-hot - p) times the features.
    /// </summary>
    public void Learn(ReadOnlySpan<byte> labels, double rateFactor)
    {
        for (var row = 0; row < labels.Length; row++)
        {
            var p = _probabilities.Row<float>(row);
            for (var c = 0; c < Classes; c++)
            {
                p[c] = (c == labels[row] ? 1 : 0) - p[c];
            }
        }

        var share = (1 - _momentum) / labels.Length;
        if (_isPortable)
        {
            OrderedProduct.OfColumns(_average, _probabilities, _features, labels.Length, _momentum, share);
        }
        else
        {
            var views = Views(labels.Length);
            Product.Into(_average.Tensor, views.ProbabilitiesT, views.Features, _momentum, share);
        }

        var factor = (float)(_spec.LearningRate * rateFactor);
        var (rate, kept) = (Vector512.Create(factor), Vector512.Create(1 - (factor * (float)_spec.WeightDecay)));
        for (var c = 0; c < Classes; c++)
        {
            var weights = _weights.Row<float>(c);
            var average = _average.Row<float>(c);
            for (var i = 0; i < weights.Length; i += Lanes<float, Fp32Element>.Count)
            {
                Lanes<float, Fp32Element>.Store(
                    (Lanes<float, Fp32Element>.Load(weights, i) * kept) + (Lanes<float, Fp32Element>.Load(average, i) * rate),
                    weights,
                    i
                );
            }
        }
    }

    public void Dispose()
    {
        foreach (var (features, probabilities, probabilitiesT) in _views.Values)
        {
            features.Dispose();
            probabilities.Dispose();
            probabilitiesT.Dispose();
        }

        _weightsT.Dispose();
        foreach (var matrix in new[] { _weights, _average, _features, _probabilities })
        {
            matrix.Dispose();
        }
    }

    internal static void Softmax(Span<float> logits, bool isPortable = false)
    {
        var max = logits[0];
        foreach (var logit in logits)
        {
            max = Math.Max(max, logit);
        }

        double sum = 0;
        foreach (ref var p in logits)
        {
            p = isPortable ? (float)Series.Exp(p - max) : MathF.Exp(p - max);
            sum += p;
        }

        foreach (ref var p in logits)
        {
            p = (float)(p / sum);
        }
    }

    private (Tensor Features, Tensor Probabilities, Tensor ProbabilitiesT) Views(int rows)
    {
        if (!_views.TryGetValue(rows, out var views))
        {
            var probabilities = _probabilities.View(..rows, ..);
            _views[rows] = views = (_features.View(..rows, ..), probabilities, probabilities.t().DetachFromDisposeScope());
        }

        return views;
    }
}
