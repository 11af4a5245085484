using System.Numerics;
using System.Runtime.InteropServices;
using CsCheck;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

/// <summary>Convolutions in portable precision against whole numbers of any size.</summary>
public sealed class IntegerConvolutionTests
{
    private const int Pictures = 3;

    private static readonly Gen<ConvolutionShape> Shapes = Gen.Select(
        Gen.Int[1, 9],
        Gen.Int[1, 9],
        Gen.Int[1, 40],
        Gen.Int[1, 5],
        Gen.Int[1, 3],
        Gen.Int[1, 3],
        (height, width, channels, kernel, stride, groups) =>
            new ConvolutionShape(
                new PictureShape(height, width, channels * groups),
                groups * (1 + (channels % 7)),
                new ConvolutionLayerSpec
                {
                    Kernel = kernel,
                    Stride = stride,
                    Groups = groups,
                    Padding = kernel / 2,
                },
                1
            )
    );

    public enum Kind
    {
        Normal,
        Equal,
        Zero,
        OneHot,
        Denormal,
        Tiny,
        Huge,
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void What_it_makes_and_its_gradient_are_exact_sums_rounded_once_for_every_shape_and_size(Precision carrier) =>
        Gen.Select(Shapes, Gen.Enum<Kind>(), Gen.Enum<Kind>(), Gen.Int[0, 1 << 20])
            .Sample(
                (shape, ofPictures, ofWeights, seed) =>
                {
                    using var weights = new Matrix(shape.Channels, shape.Inputs, ScalarType.Float32);
                    Fill(weights.RowSpan<float>(0, weights.Rows), ofWeights, seed);
                    using var pictures = Activations.Rent(Pictures, shape.In.Size, Precision.Fp32);
                    Fill(Values(pictures), ofPictures, seed + 1);
                    var slopes = new float[Pictures * shape.Convolved.Size];
                    Fill(slopes, Kind.Normal, seed + 2);
                    using var convolution = Of(shape, weights, carrier);

                    var (made, gradient) = Step(convolution, shape, pictures, slopes);

                    var whole = new WholeNumberConvolution(shape, weights, Values(pictures), Pictures);
                    Assert.Equal(whole.Made(), made);
                    Assert.Equal(whole.Gradient(slopes), gradient);
                    Assert.True(whole.LongestProduct <= BigInteger.One << 48);
                    Assert.True(whole.LongestGradient <= BigInteger.One << 48);
                },
                iter: 60,
                print: one => one.ToString()
            );

    [Fact]
    public void Many_places_and_many_inputs_stay_within_what_fp32_counts_to()
    {
        foreach (
            var (side, channels, kernel) in new[] { (96, 1, 3), (20, 300, 5), (3, 2000, 3) } // 9,216 places; 7,500 and 18,000 inputs
        )
        {
            var shape = new ConvolutionShape(
                new PictureShape(side, side, channels),
                2,
                new ConvolutionLayerSpec { Kernel = kernel },
                Classes: 1
            );
            foreach (var kind in new[] { Kind.Normal, Kind.Equal })
            {
                using var weights = new Matrix(shape.Channels, shape.Inputs, ScalarType.Float32);
                Fill(weights.RowSpan<float>(0, weights.Rows), kind, 1);
                using var pictures = Activations.Rent(1, shape.In.Size, Precision.Fp32);
                Fill(Values(pictures), kind, 2);
                var slopes = new float[shape.Convolved.Size];
                Fill(slopes, kind, 3);
                using var convolution = Of(shape, weights, Precision.Fp32);

                var (made, gradient) = Step(convolution, shape, pictures, slopes);

                var whole = new WholeNumberConvolution(shape, weights, Values(pictures), 1);
                int[] places = [0, shape.Convolved.Points / 2, shape.Convolved.Points - 1];
                Assert.Equal(places.Select(place => whole.Made(place, 1)), places.Select(place => made[(place * 2) + 1]));
                int[] inputs = [0, shape.Inputs / 2, shape.Inputs - 1];
                Assert.Equal(
                    inputs.Select(input => whole.Gradient(slopes, 1, input)),
                    inputs.Select(input => gradient[shape.Inputs + input])
                );
                Assert.True(whole.LongestGradient <= BigInteger.One << 48);
            }
        }
    }

    [Fact]
    public void A_layer_that_is_too_large_for_exact_sums_is_refused()
    {
        var shape = new ConvolutionShape(new PictureShape(300, 300, 1), 1, new ConvolutionLayerSpec(), 1);
        var refused = Assert.Throws<InvalidInputException>(() => new ConvolutionBounds(shape));
        Assert.Equal(
            "precision: in portable precision a channel sees at most 262144 numbers at each of at most 65536 places, and a layer here "
                + "sees 9 and makes 300 x 300 x 1 of 300 x 300 x 1; expected fp32 or a smaller layer.",
            refused.Message
        );
    }

    [Fact]
    public void The_extent_of_a_picture_is_that_of_a_scalar_loop()
    {
        foreach (var (height, width, channels, groups, kernel) in new[] { (7, 5, 3, 1, 3), (4, 9, 34, 2, 5), (2, 2, 64, 1, 3) })
        {
            var shape = new ConvolutionShape(
                new PictureShape(height, width, channels),
                groups,
                new ConvolutionLayerSpec { Kernel = kernel, Groups = groups },
                1
            );
            var values = new float[shape.In.Size];
            Fill(values, Kind.Normal, channels);
            var extent = PictureExtent.Of(shape, values);

            Assert.Equal(values.Max(Math.Abs), extent.Largest);
            Assert.Equal(values.Average(v => (double)v * v), extent.MeanSquare, 1e-5);
            Assert.Equal(
                Enumerable.Range(0, channels).Max(c => values.Where((_, i) => i % channels == c).Sum(v => (double)v * v)),
                extent.Channel,
                1e-4
            );
            var patches =
                from top in Enumerable.Range(1 - kernel, height + kernel)
                from left in Enumerable.Range(1 - kernel, width + kernel)
                from gr in Enumerable.Range(0, groups)
                select Patch(shape, values, top, left, gr);
            Assert.Equal(patches.Max(), extent.Patch, 1e-4);
        }
    }

    private static double Patch(ConvolutionShape shape, float[] values, int top, int left, int group)
    {
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var (point, channel) = (i / shape.In.Channels, i % shape.In.Channels);
            var (y, x) = (point / shape.In.Width, point % shape.In.Width);
            var isInside = y >= top && y < top + shape.Spec.Kernel && x >= left && x < left + shape.Spec.Kernel;
            sum += isInside && channel / shape.InOfGroup == group ? (double)values[i] * values[i] : 0;
        }

        return sum;
    }

    private static IConvolution Of(ConvolutionShape shape, Matrix weights, Precision carrier) =>
        carrier == Precision.Fp32
            ? new IntegerConvolution<float, Fp32Element, Fp32AsBf16Element>(shape, weights, Pictures, Pictures, ScalarType.Float32)
            : new IntegerConvolution<ushort, Bf16Element, Bf16Element>(shape, weights, Pictures, Pictures, ScalarType.BFloat16);

    private static (float[] Made, float[] Gradient) Step(
        IConvolution convolution,
        ConvolutionShape shape,
        Activations pictures,
        float[] slopes
    )
    {
        var made = new float[slopes.Length];
        for (var lane = 0; lane < convolution.Lanes; lane++)
        {
            convolution.Load(lane, pictures);
            convolution.Forward(lane, pictures.Rows, (n, places) => places.CopyTo(made.AsSpan(n * places.Length)));
            convolution.Gradient(lane, pictures.Rows, (n, places) => slopes.AsSpan(n * shape.Convolved.Size, places.Length).CopyTo(places));
        }

        return (made, convolution.Sum(.., pictures.Rows).ToArray());
    }

    private static Span<float> Values(Activations rows) => MemoryMarshal.Cast<byte, float>(rows.Bytes);

    private static void Fill(Span<float> values, Kind kind, int seed)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Words, 0, 0);
        foreach (ref var value in values)
        {
            value = kind switch
            {
                Kind.Normal => (float)random.NextNormal(),
                Kind.Equal => 1,
                Kind.Denormal => (float)random.NextNormal() * 1e-41f,
                Kind.Tiny => 1e-25f,
                Kind.Huge => 1e17f * (float)random.NextNormal(),
                _ => 0,
            };
        }

        if (kind == Kind.OneHot)
        {
            values[random.NextInt32(values.Length)] = 1;
        }
    }
}
