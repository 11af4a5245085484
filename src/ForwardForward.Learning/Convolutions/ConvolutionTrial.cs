using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Whether this machine convolves a shape rightly: small whole numbers, whose sums fp32 holds exactly in any order, go through the products
/// and through plain loops. A library that is wrong in some shape is not trusted with it.
/// </summary>
internal static class ConvolutionTrial
{
    private const int Pictures = 2;
    private const int Places = 64; // of each comparison
    private const int Most = 3; // magnitude of a number

    /// <returns>Floats to multiply: of portable precision the faster ones that are right.</returns>
    /// <exception cref="InvalidInputException">They differ; the sentence names the layer.</exception>
    public static Precision Require(ConvolutionShape shape, int index, Precision precision = Precision.Fp32)
    {
        Precision[] carriers = precision == Precision.Portable ? [precision.Multiplied(), Precision.Fp32] : [precision];
        foreach (var carrier in carriers)
        {
            if (IsRight(shape, index, precision, carrier))
            {
                return carrier;
            }
        }

        throw new InvalidInputException(
            $"layers[{index}]: this machine's libtorch multiplies the unfolded columns of a convolution from {shape.In} to "
                + $"{shape.Convolved} wrongly; expected the numbers of plain loops."
        );
    }

    private static bool IsRight(ConvolutionShape shape, int index, Precision precision, Precision carrier)
    {
        using var weights = new Matrix(shape.Channels, shape.Inputs, ScalarType.Float32);
        var random = new KeyedRandom(0, RandomPurpose.Weights, index, 0);
        Fill(weights.RowSpan<float>(0, weights.Rows), ref random);
        using var input = Activations.Rent(Pictures, shape.In.Size, Precision.Fp32);
        Fill(MemoryMarshal.Cast<byte, float>(input.Bytes), ref random);
        using var convolution = Convolution.Of(shape, weights, Pictures, Pictures, precision, carrier);
        float[] made = new float[Pictures * shape.Convolved.Size],
            slopes = new float[Pictures * shape.Convolved.Size];
        Fill(slopes, ref random);
        for (var lane = 0; lane < convolution.Lanes; lane++)
        {
            convolution.Load(lane, input);
            convolution.Forward(lane, Pictures, (n, places) => places.CopyTo(made.AsSpan(n * places.Length)));
            convolution.Gradient(lane, Pictures, (n, places) => slopes.AsSpan(n * places.Length, places.Length).CopyTo(places));
        }

        var pictures = MemoryMarshal.Cast<byte, float>(input.Bytes);
        var gradient = convolution.Sum(.., Pictures);
        var share = new PictureLanes(shape, precision == Precision.Portable ? ConvolutionBounds.ColumnNumbers : int.MaxValue, Pictures);
        var together = Enumerable.Range(0, share.Count).SelectMany(lane => share.Of(lane, Pictures)).ToList();
        for (var i = 0; i < Places; i++)
        {
            int at = random.NextInt32(made.Length),
                weight = random.NextInt32(gradient.Length);
            var (value, slope) = (Round(Made(shape, pictures, weights, at), precision), 0.0);
            foreach (var (first, count) in together)
            {
                slope += Round(Gradient(shape, pictures, slopes, weight, first, count), precision);
            }

            if (made[at] != value || gradient[weight] != slope)
            {
                return false;
            }
        }

        return true;
    }

    // What products of integers are rounded to.
    private static double Round(double value, Precision precision)
    {
        var rounded = new ushort[1];
        var read = new[] { (float)value };
        if (precision == Precision.Portable)
        {
            Rounding.ToBf16(read, rounded);
            Rounding.FromBf16(rounded, read);
        }

        return read[0];
    }

    private static void Fill(Span<float> values, ref KeyedRandom random)
    {
        foreach (ref var value in values)
        {
            value = random.NextInt32((2 * Most) + 1) - Most;
        }
    }

    private static double Made(ConvolutionShape shape, ReadOnlySpan<float> pictures, Matrix weights, int at)
    {
        var (place, channel) = (at / shape.Channels, at % shape.Channels);
        double sum = 0;
        for (var input = 0; input < shape.Inputs; input++)
        {
            sum += weights.Row<float>(channel)[input] * Seen(shape, pictures, place, channel, input);
        }

        return sum;
    }

    // Of some pictures.
    private static double Gradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> pictures,
        ReadOnlySpan<float> slopes,
        int weight,
        int first,
        int count
    )
    {
        var (channel, input) = (weight / shape.Inputs, weight % shape.Inputs);
        double sum = 0;
        for (var place = first * shape.Convolved.Points; place < (first + count) * shape.Convolved.Points; place++)
        {
            sum += slopes[(place * shape.Channels) + channel] * Seen(shape, pictures, place, channel, input);
        }

        return sum;
    }

    // What a channel sees at a place, by the number of its input: kernel row, kernel column, channel of the group.
    private static double Seen(ConvolutionShape shape, ReadOnlySpan<float> pictures, int place, int channel, int input)
    {
        var (picture, point, kernel) = (place / shape.Convolved.Points, place % shape.Convolved.Points, shape.Spec.Kernel);
        int y = (point / shape.Convolved.Width * shape.Spec.Stride) + (input / shape.InOfGroup / kernel) - shape.Padding,
            x = (point % shape.Convolved.Width * shape.Spec.Stride) + (input / shape.InOfGroup % kernel) - shape.Padding,
            below = (channel / shape.ChannelsOfGroup * shape.InOfGroup) + (input % shape.InOfGroup);
        return y < 0 || y >= shape.In.Height || x < 0 || x >= shape.In.Width
            ? 0
            : pictures[(picture * shape.In.Size) + (((y * shape.In.Width) + x) * shape.In.Channels) + below];
    }
}
