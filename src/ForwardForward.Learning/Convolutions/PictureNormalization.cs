using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Normalizes the channels of each picture by itself, together as the layer's spec says: all of them (Ba et al. 2016), each class's set (Wu
/// and He 2018), each alone (Ulyanov et al. 2016). Nothing is learned; what is normalized is scale * activity + shift.
/// </summary>
internal static class PictureNormalization
{
    public const double Epsilon = 1e-5;

    /// <summary>Scale and shift of each channel of one picture.</summary>
    public static void Normalize(ConvolutionShape shape, ActivitySums sums, int picture, Span<float> scale, Span<float> shift)
    {
        var together = Together(shape);
        var count = (double)together * shape.Activity.Points;
        for (var first = 0; first < shape.Channels; first += together)
        {
            var end = first + together;
            double sum = 0,
                squares = 0;
            for (var c = first; c < end; c++)
            {
                sum += sums.Sum(picture, c);
                squares += sums.Squares(picture, c);
            }

            var mean = sum / count;
            var inverse = 1 / Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)) + Epsilon);
            scale[first..end].Fill((float)inverse);
            shift[first..end].Fill((float)(-mean * inverse));
        }
    }

    /// <summary>
    /// Adds to slope * activity + offset what a slope by the normalized activity y does by way of the mean and the deviation.
    /// </summary>
    /// <param name="up">Of each channel the sum of the slope by y over its points.</param>
    /// <param name="across">Of each channel the sum of that slope times y.</param>
    public static void AddSlopes(
        ConvolutionShape shape,
        ReadOnlySpan<double> up,
        ReadOnlySpan<double> across,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        Span<float> slope,
        Span<float> offset
    )
    {
        var together = Together(shape);
        var count = (double)together * shape.Activity.Points;
        for (var first = 0; first < shape.Channels; first += together)
        {
            double meanUp = 0,
                meanAcross = 0;
            for (var c = first; c < first + together; c++)
            {
                meanUp += up[c] / count;
                meanAcross += across[c] / count;
            }

            double r = scale[first],
                s = shift[first];
            for (var c = first; c < first + together; c++)
            {
                slope[c] += (float)(-r * r * meanAcross);
                offset[c] += (float)(-r * (meanUp + (s * meanAcross)));
            }
        }
    }

    /// <summary>Channels that are normalized together.</summary>
    public static int Together(ConvolutionShape shape) =>
        shape.Spec.Normalization switch
        {
            ChannelNormalization.Layer => shape.Channels,
            ChannelNormalization.Instance => 1,
            _ => shape.ChannelsOfClass,
        };
}
