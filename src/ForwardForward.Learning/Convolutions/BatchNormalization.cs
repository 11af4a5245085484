using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Normalizes each channel over the points of a batch, then scales and shifts it by what is learned (Ioffe and Szegedy 2015); test images
/// by running means. All of it from sums over the points of each picture.
/// </summary>
internal sealed class BatchNormalization : IDisposable
{
    public const double Epsilon = 1e-4;
    public const double Momentum = 0.1; // share of the new value
    private readonly int _points;
    private readonly Matrix _means; // (1, U)
    private readonly Matrix _variances; // (1, U)
    private readonly double[] _mean; // of the last batch
    private readonly double[] _inverse; // 1 / deviation of the last batch

    /// <param name="points">Of a picture.</param>
    public BatchNormalization(int channels, int points)
    {
        _points = points;
        (Scale, Shift) = (new Matrix(1, channels, ScalarType.Float32), new Matrix(1, channels, ScalarType.Float32));
        (_means, _variances) = (new Matrix(1, channels, ScalarType.Float32), new Matrix(1, channels, ScalarType.Float32));
        Scale.Row<float>(0).Fill(1);
        _variances.Row<float>(0).Fill(1);
        (_mean, _inverse) = (new double[channels], new double[channels]);
    }

    /// <summary>What is learned.</summary>
    public Matrix Scale { get; }

    /// <inheritdoc cref="Scale"/>
    public Matrix Shift { get; }

    public IEnumerable<(string Name, Matrix Value)> Running => [("running_mean", _means), ("running_variance", _variances)];

    /// <summary>Scale and shift of the activity of a batch; its means go into the running ones.</summary>
    public void OfBatch(ActivitySums sums, Span<float> scale, Span<float> shift)
    {
        var count = (double)sums.Pictures * _points;
        for (var c = 0; c < _mean.Length; c++)
        {
            double sum = 0,
                squares = 0;
            for (var picture = 0; picture < sums.Pictures; picture++)
            {
                sum += sums.Sum(picture, c);
                squares += sums.Squares(picture, c);
            }

            var mean = sum / count;
            var variance = Math.Max(0, (squares / count) - (mean * mean));
            (_mean[c], _inverse[c]) = (mean, 1 / Math.Sqrt(variance + Epsilon));
            Keep(_means, c, mean);
            Keep(_variances, c, variance * count / (count - 1));
            Set(c, mean, _inverse[c], scale, shift);
        }
    }

    /// <summary>Scale and shift by the running means.</summary>
    public void OfTests(Span<float> scale, Span<float> shift)
    {
        for (var c = 0; c < _mean.Length; c++)
        {
            Set(c, _means.Row<float>(0)[c], 1 / Math.Sqrt(_variances.Row<float>(0)[c] + Epsilon), scale, shift);
        }
    }

    /// <summary>
    /// The slope of the log likelihood by the activity of the last batch, as slope * activity + offset, N x U each, and by what is learned.
    /// </summary>
    /// <param name="pulls">By the normalized activity y of a channel of a picture: pull * y, N x U.</param>
    /// <param name="byScale">1 x U.</param>
    /// <param name="byShift">1 x U.</param>
    public void Slopes(
        ActivitySums sums,
        ReadOnlySpan<float> pulls,
        Span<float> slope,
        Span<float> offset,
        Span<float> byScale,
        Span<float> byShift
    )
    {
        var (channels, count) = (_mean.Length, (double)sums.Pictures * _points);
        for (var c = 0; c < channels; c++)
        {
            var (mean, inverse) = (_mean[c], _inverse[c]);
            double gamma = Scale.Row<float>(0)[c],
                beta = Shift.Row<float>(0)[c];
            double up = 0, // sums over the batch of the slope by y, and of it times the normalized x
                across = 0;
            for (var n = 0; n < sums.Pictures; n++)
            {
                var (sum, squares) = (sums.Sum(n, c), sums.Squares(n, c));
                var x = inverse * (sum - (mean * _points));
                var xx = inverse * inverse * (squares - (2 * mean * sum) + (mean * mean * _points));
                up += pulls[(n * channels) + c] * ((gamma * x) + (beta * _points));
                across += pulls[(n * channels) + c] * ((gamma * xx) + (beta * x));
            }

            (byScale[c], byShift[c]) = ((float)across, (float)up);
            var (a, b) = (gamma * inverse, beta - (mean * gamma * inverse));
            var (meanUp, meanAcross) = (up / count, across / count);
            for (var n = 0; n < sums.Pictures; n++)
            {
                double pull = pulls[(n * channels) + c];
                slope[(n * channels) + c] = (float)(a * ((pull * a) - (inverse * meanAcross)));
                offset[(n * channels) + c] = (float)(a * ((pull * b) - meanUp + (inverse * mean * meanAcross)));
            }
        }
    }

    public void Dispose()
    {
        foreach (var matrix in new[] { Scale, Shift, _means, _variances })
        {
            matrix.Dispose();
        }
    }

    private static void Keep(Matrix running, int channel, double value)
    {
        ref var kept = ref running.Row<float>(0)[channel];
        kept = (float)(((1 - Momentum) * kept) + (Momentum * value));
    }

    private void Set(int channel, double mean, double inverse, Span<float> scale, Span<float> shift)
    {
        var a = Scale.Row<float>(0)[channel] * inverse;
        (scale[channel], shift[channel]) = ((float)a, (float)(Shift.Row<float>(0)[channel] - (mean * a)));
    }
}
