using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Brings pictures of one class together and those of others apart: what a layer makes of them goes through a matrix, is normalized over
/// the batch and brought to unit length; each picture then shall be more like those of its class than like the others (Khosla et al. 2020,
/// equation 2). Only the layer and the matrix learn from it. On the calling thread alone.
/// </summary>
/// <remarks>Shapes: N pictures of a batch, D numbers of each, E of the embedding.</remarks>
internal sealed class SupervisedContrast : IDisposable
{
    public const double Epsilon = 1e-5;
    private readonly int _batch;
    private readonly Elementary _elementary;
    private readonly Matrix _weights; // (E, D)
    private readonly Matrix _gradient; // (E, D)
    private readonly Matrix _seen; // (N, D)
    private readonly Matrix _slopes; // (N, D)
    private readonly Matrix _embedded; // (N, E), of unit length
    private readonly Matrix _pulled; // (N, E)
    private readonly Matrix _pairs; // (N, N)
    private readonly Tensor _weightsT;
    private readonly Tensor _embeddedT;
    private readonly Tensor _pulledT;
    private readonly double[] _lengths; // (N), before they were 1
    private readonly double[] _inverse; // (E), 1 / deviation over the batch
    private readonly IParameterUpdate _update;

    /// <param name="size">D.</param>
    public SupervisedContrast(ConvolutionOptions options, int size)
    {
        var features = options.Contrast!.Spec.ContrastFeatures;
        (_batch, _elementary) = (options.BatchSize, options.Elementary);
        (_weights, _gradient) = (New(features, size), New(features, size));
        (_seen, _slopes, _embedded) = (New(_batch, size), New(_batch, size), New(_batch, features));
        (_pulled, _pairs) = (New(_batch, features), New(_batch, _batch));
        _weightsT = _weights.Tensor.t().DetachFromDisposeScope();
        _embeddedT = _embedded.Tensor.t().DetachFromDisposeScope();
        _pulledT = _pulled.Tensor.t().DetachFromDisposeScope();
        (_lengths, _inverse) = (new double[_batch], new double[features]);
        var limit = 1 / Math.Sqrt(size);
        for (var feature = 0; feature < features; feature++)
        {
            var random = new KeyedRandom(options.Seed, RandomPurpose.Contrast, options.Index, feature);
            foreach (ref var weight in _weights.Row<float>(feature))
            {
                weight = (float)(((2 * random.NextSingle()) - 1) * limit);
            }
        }

        _update = new Parameter("contrast", _weights, null, (float)options.Optimizer.WeightDecay).Update(options.Optimizer);
    }

    public IEnumerable<(string Name, Matrix Value)> State => [("contrast", _weights), .. _update.State];

    /// <summary>Sum over the batch of the gradient by the matrix, uphill.</summary>
    public Span<float> Gradient => _gradient.RowSpan<float>(0, _gradient.Rows);

    /// <summary>Where a picture's numbers are put before <see cref="Pull"/>.</summary>
    public Span<float> Seen(int picture) => _seen.Row<float>(picture);

    /// <summary>How the log likelihood of the batch rises with a picture's numbers, after <see cref="Pull"/>.</summary>
    public ReadOnlySpan<float> Slopes(int picture) => _slopes.Row<float>(picture);

    /// <summary>Looks at a whole batch.</summary>
    /// <param name="weight">That the contrast has in the loss.</param>
    /// <returns>Loss of a picture, in nats; one without a partner has none.</returns>
    public double Pull(ReadOnlySpan<byte> labels, double temperature, double weight)
    {
        Embed();
        Normalize();
        Pair();
        double loss = 0;
        for (var i = 0; i < _batch; i++)
        {
            loss += Compare(i, labels, temperature, weight);
        }

        MirrorPairs();
        PullTogether();
        Denormalize();
        Back();
        return loss / _batch;
    }

    /// <summary>Moves the matrix.</summary>
    public void Learn(in UpdateStep step) => _update.Step<float, Fp32Element>(0, Gradient, step);

    public void Dispose()
    {
        _update.Dispose();
        foreach (var view in new[] { _weightsT, _embeddedT, _pulledT })
        {
            view.Dispose();
        }

        foreach (var matrix in new[] { _weights, _gradient, _seen, _slopes, _embedded, _pulled, _pairs })
        {
            matrix.Dispose();
        }
    }

    private void Embed()
    {
        if (_elementary.IsPortable)
        {
            OrderedProduct.OfRows(_embedded, _seen, _weights, _batch);
        }
        else
        {
            Product.Into(_embedded.Tensor, _seen.Tensor, _weightsT);
        }
    }

    private void Pair()
    {
        if (_elementary.IsPortable)
        {
            OrderedProduct.OfRows(_pairs, _embedded, _embedded, _batch);
        }
        else
        {
            Product.Into(_pairs.Tensor, _embedded.Tensor, _embeddedT);
        }
    }

    private void PullTogether()
    {
        if (_elementary.IsPortable)
        {
            OrderedProduct.Of(_pulled, _pairs, _embedded, _batch);
        }
        else
        {
            Product.Into(_pulled.Tensor, _pairs.Tensor, _embedded.Tensor);
        }
    }

    private void Back()
    {
        if (_elementary.IsPortable)
        {
            Gradient.Clear();
            OrderedProduct.OfColumns(_gradient, _pulled, _seen, _batch, kept: 1, scale: 1);
            OrderedProduct.Of(_slopes, _pulled, _weights, _batch);
        }
        else
        {
            Product.Into(_gradient.Tensor, _pulledT, _seen.Tensor);
            Product.Into(_slopes.Tensor, _pulled.Tensor, _weights.Tensor);
        }
    }

    private static Matrix New(int rows, int columns) => new(rows, columns, ScalarType.Float32);

    private void Normalize()
    {
        for (var e = 0; e < _inverse.Length; e++)
        {
            double sum = 0,
                squares = 0;
            for (var n = 0; n < _batch; n++)
            {
                sum += _embedded.Row<float>(n)[e];
            }

            var mean = sum / _batch;
            for (var n = 0; n < _batch; n++)
            {
                var apart = _embedded.Row<float>(n)[e] - mean;
                squares += apart * apart;
            }

            _inverse[e] = 1 / Math.Sqrt((squares / _batch) + Epsilon);
            for (var n = 0; n < _batch; n++)
            {
                ref var value = ref _embedded.Row<float>(n)[e];
                value = (float)((value - mean) * _inverse[e]);
            }
        }

        for (var n = 0; n < _batch; n++)
        {
            double squares = 0;
            foreach (var value in _embedded.Row<float>(n))
            {
                squares += (double)value * value;
            }

            _lengths[n] = Math.Sqrt(squares + 1e-24);
            foreach (ref var value in _embedded.Row<float>(n))
            {
                value = (float)(value / _lengths[n]);
            }
        }
    }

    // Turns one picture's similarities to the others into what the log likelihood rises with.
    private double Compare(int anchor, ReadOnlySpan<byte> labels, double temperature, double weight)
    {
        var row = _pairs.Row<float>(anchor);
        var partners = -1; // itself
        var greatest = double.NegativeInfinity;
        for (var other = 0; other < row.Length; other++)
        {
            partners += labels[other] == labels[anchor] ? 1 : 0;
            greatest = other == anchor ? greatest : Math.Max(greatest, row[other]);
        }

        if (partners == 0)
        {
            row.Clear();
            return 0;
        }

        double sum = 0,
            together = 0;
        for (var other = 0; other < row.Length; other++)
        {
            if (other != anchor)
            {
                sum += _elementary.Exp((row[other] - greatest) / temperature);
                together += labels[other] == labels[anchor] ? row[other] : 0;
            }
        }

        var loss = _elementary.Log(sum) + ((greatest - (together / partners)) / temperature);
        for (var other = 0; other < row.Length; other++)
        {
            var wanted = labels[other] == labels[anchor] ? 1.0 / partners : 0;
            row[other] =
                other == anchor
                    ? 0
                    : (float)(weight * (wanted - (_elementary.Exp((row[other] - greatest) / temperature) / sum)) / temperature);
        }

        return loss;
    }

    // A similarity is of two pictures, and each of them is moved by it.
    private void MirrorPairs()
    {
        for (var i = 0; i < _batch; i++)
        {
            for (var j = 0; j < i; j++)
            {
                ref var below = ref _pairs.Row<float>(i)[j];
                ref var above = ref _pairs.Row<float>(j)[i];
                below = above = below + above;
            }
        }
    }

    // Back through the unit length and the normalization over the batch.
    private void Denormalize()
    {
        for (var n = 0; n < _batch; n++)
        {
            var unit = _embedded.Row<float>(n);
            var pulled = _pulled.Row<float>(n);
            double along = 0;
            for (var e = 0; e < unit.Length; e++)
            {
                along += (double)unit[e] * pulled[e];
            }

            for (var e = 0; e < unit.Length; e++)
            {
                pulled[e] = (float)((pulled[e] - (unit[e] * along)) / _lengths[n]);
            }
        }

        for (var e = 0; e < _inverse.Length; e++)
        {
            double mean = 0,
                across = 0;
            for (var n = 0; n < _batch; n++)
            {
                double pulled = _pulled.Row<float>(n)[e];
                mean += pulled / _batch;
                across += pulled * _embedded.Row<float>(n)[e] * _lengths[n] / _batch;
            }

            for (var n = 0; n < _batch; n++)
            {
                ref var pulled = ref _pulled.Row<float>(n)[e];
                pulled = (float)((pulled - mean - (_embedded.Row<float>(n)[e] * _lengths[n] * across)) * _inverse[e]);
            }
        }
    }
}
