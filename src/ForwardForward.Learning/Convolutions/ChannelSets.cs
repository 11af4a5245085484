using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>What is known of the activity of some pictures when they have passed: sums over the points of every channel.</summary>
/// <param name="sum">N x U.</param>
/// <param name="squares">N x U.</param>
internal readonly ref struct ActivitySums(ReadOnlySpan<float> sum, ReadOnlySpan<float> squares, int channels)
{
    private readonly ReadOnlySpan<float> _sum = sum;
    private readonly ReadOnlySpan<float> _squares = squares;

    public int Pictures => _sum.Length / channels;

    public double Sum(int picture, int channel) => _sum[(picture * channels) + channel];

    public double Squares(int picture, int channel) => _squares[(picture * channels) + channel];
}

/// <summary>
/// Goodness of the sets of channels that stand for the classes, and its slope. Softmax cross-entropy on the goodness of all sets is what a
/// layer learns: the set of the true class rises, the others fall, and no picture has to be false (Papachristodoulou et al. 2024; Sun et
/// al. 2025).
/// </summary>
/// <remarks>
/// Everything is a function of the sums over a channel's points, since what is normalized is scale * activity + shift, a number of each
/// channel; so is the slope by the activity, slope * activity + offset where the activity is not 0.
/// </remarks>
internal static class ChannelSets
{
    /// <summary>Goodness of each class in one picture.</summary>
    /// <param name="scale">Of the normalized activity; not looked at where goodness is of what comes before.</param>
    public static void Goodness(
        ConvolutionShape shape,
        ActivitySums sums,
        int picture,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        Span<float> goodness
    )
    {
        var points = shape.Activity.Points;
        for (var set = 0; set < goodness.Length; set++)
        {
            double sum = 0;
            for (var c = set * shape.ChannelsOfClass; c < (set + 1) * shape.ChannelsOfClass; c++)
            {
                var (first, second) = (sums.Sum(picture, c), sums.Squares(picture, c));
                double a = scale[c],
                    b = shift[c];
                sum += shape.Spec.Goodness == ChannelGoodness.Mean ? first : (a * a * second) + (2 * a * b * first) + (b * b * points);
            }

            goodness[set] = (float)(sum / shape.ChannelsOfClass / points);
        }
    }

    /// <summary>What a step is told by, before its update.</summary>
    /// <param name="pulls">Goodness, N x C, of which it makes what the log likelihood rises with.</param>
    public static LayerStep Measure(ConvolutionShape shape, Span<float> pulls, ReadOnlySpan<byte> labels, Elementary elementary = default)
    {
        var smoothing = shape.Spec.Goodness == ChannelGoodness.Assigned ? ChannelAssignment.Smoothing : 0;
        double right = 0,
            wrong = 0,
            loss = 0;
        for (var n = 0; n < labels.Length; n++)
        {
            var goodness = pulls.Slice(n * shape.Classes, shape.Classes);
            right += goodness[labels[n]];
            foreach (var one in goodness)
            {
                wrong += one;
            }

            loss += Pulls(goodness, labels[n], smoothing, elementary);
        }

        return new LayerStep(right / labels.Length, (wrong - right) / labels.Length / (shape.Classes - 1), loss / labels.Length);
    }

    /// <summary>Turns goodness into what its log likelihood of the true class rises with: target - softmax.</summary>
    /// <param name="smoothing">Share of the target that all classes have alike; the rest is the true class's.</param>
    /// <returns>-log p of the target, in nats.</returns>
    public static double Pulls(Span<float> goodness, int label, double smoothing = 0, Elementary elementary = default)
    {
        double greatest = goodness[0];
        foreach (var one in goodness)
        {
            greatest = Math.Max(greatest, one);
        }

        double sum = 0;
        foreach (var one in goodness)
        {
            sum += elementary.Exp(one - greatest);
        }

        double wanted = 0;
        for (var set = 0; set < goodness.Length; set++)
        {
            var target = (set == label ? 1 - smoothing : 0) + (smoothing / goodness.Length);
            wanted += target * goodness[set];
            goodness[set] = (float)(target - (elementary.Exp(goodness[set] - greatest) / sum));
        }

        return elementary.Log(sum) + greatest - wanted;
    }
}
