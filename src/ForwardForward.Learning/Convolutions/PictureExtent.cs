using System.Runtime.Intrinsics;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>How large the numbers of one picture are, which bounds what a convolution can add up of it.</summary>
/// <param name="Largest">Magnitude of the largest.</param>
/// <param name="MeanSquare">Of all.</param>
/// <param name="Patch">Largest sum of squares of what a kernel sees at one place.</param>
/// <param name="Channel">
/// Largest sum of squares of one channel over all points: as much as one input of a kernel sees at all places.
/// </param>
/// <remarks>Sums are of the same operations in the same order on every machine.</remarks>
internal readonly record struct PictureExtent(float Largest, float MeanSquare, float Patch, float Channel)
{
    /// <param name="picture">Points row by row, the channels of a point side by side.</param>
    public static PictureExtent Of(ConvolutionShape shape, ReadOnlySpan<float> picture)
    {
        var (largest, squares) = IntegerProducts.Measured(picture);
        var (sums, ofChannels) = (new float[shape.In.Channels], new float[shape.In.Channels]);
        ChannelRows.Sums(picture, sums, ofChannels);
        var (patch, channel) = (0f, 0f);
        for (var group = 0; group < shape.Spec.Groups; group++)
        {
            patch = MathF.Max(patch, LargestPatch(shape, picture, group * shape.InOfGroup));
        }

        foreach (var sum in ofChannels)
        {
            channel = MathF.Max(channel, sum);
        }

        return new PictureExtent(largest, squares / picture.Length, patch, channel);
    }

    // Whatever the stride, and without the zeros around: no place sees more than one of these.
    private static float LargestPatch(ConvolutionShape shape, ReadOnlySpan<float> picture, int firstChannel)
    {
        var (height, width, channels, seen) = (shape.In.Height, shape.In.Width, shape.In.Channels, shape.InOfGroup);
        var (down, across) = (Math.Min(shape.Spec.Kernel, height), Math.Min(shape.Spec.Kernel, width));
        var places = width - across + 1;
        float[] points = new float[width],
            rows = new float[height * places], // sums over so many points of a row from each on
            sums = new float[places];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                points[x] = Squares(picture.Slice((((y * width) + x) * channels) + firstChannel, seen));
            }

            for (var right = 0; right < across; right++)
            {
                ChannelRows.Add(points.AsSpan(right, places), rows.AsSpan(y * places, places));
            }
        }

        var largest = 0f;
        for (var y = 0; y <= height - down; y++)
        {
            Array.Clear(sums);
            for (var below = 0; below < down; below++)
            {
                ChannelRows.Add(rows.AsSpan((y + below) * places, places), sums);
            }

            foreach (var sum in sums)
            {
                largest = MathF.Max(largest, sum);
            }
        }

        return largest;
    }

    private static float Squares(ReadOnlySpan<float> channels)
    {
        var sum = 0f;
        if (channels.Length >= Vector512<float>.Count)
        {
            Vector512<float> squares = default;
            for (var i = 0; i < channels.Length; i += Lanes<float, Fp32Element>.Count)
            {
                var values = Lanes<float, Fp32Element>.Load(channels, i);
                squares += values * values;
            }

            for (var lane = 0; lane < Vector512<float>.Count; lane++)
            {
                sum += squares[lane];
            }

            return sum;
        }

        foreach (var value in channels)
        {
            sum += value * value;
        }

        return sum;
    }
}
