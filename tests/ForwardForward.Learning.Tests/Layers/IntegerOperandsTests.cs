using System.Numerics;
using CsCheck;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Layers;

/// <summary>Portable precision against whole numbers of any size.</summary>
public sealed class IntegerOperandsTests
{
    private const int Rows = 3;
    private const int Units = 5;

    private static readonly Gen<int> Widths = Gen.OneOf(Gen.Int[1, 40], Gen.Int[41, 5000], Gen.Int[65_535, 65_536]);

    public enum Kind
    {
        Normal,
        Extreme,
        Zero,
        OneHot,
        Denormal,
        Tiny,
        Huge,
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Products_of_rows_and_weights_are_exact_for_every_width_and_size(Precision carrier) =>
        Gen.Select(Widths, Gen.Enum<Kind>(), Gen.Enum<Kind>(), Gen.Int[0, 1 << 20])
            .Sample(
                (width, rows, weights, seed) =>
                {
                    var (x, w) = (Directions(width, rows, seed), Weights(width, weights, seed));
                    var (products, integers) = Multiplied(carrier, x, w, width);
                    for (var row = 0; row < Rows; row++)
                    {
                        for (var unit = 0; unit < Units; unit++)
                        {
                            Assert.Equal(Rounded(Sum(x[row], integers[unit]), carrier), products[(row * Units) + unit]);
                        }
                    }
                },
                iter: 40
            );

    [Fact]
    public void The_lengths_of_a_row_and_of_a_units_weights_never_have_a_product_beyond_what_fp32_counts_to() =>
        Gen.Select(Widths, Gen.Enum<Kind>(), Gen.Enum<Kind>(), Gen.Int[0, 1 << 20])
            .Sample(
                (width, rows, weights, seed) =>
                {
                    var (x, w) = (Directions(width, rows, seed), Weights(width, weights, seed));
                    var (_, integers) = Multiplied(Precision.Fp32, x, w, width);
                    var longest = x.Max(row => row.Sum(steps => (long)steps * steps));
                    Assert.All(integers, unit => Assert.All(unit, weight => Assert.InRange(weight, -255, 255)));
                    Assert.All(
                        integers,
                        unit => Assert.True(new BigInteger(longest) * unit.Sum(weight => (long)weight * weight) <= BigInteger.One << 48)
                    );
                },
                iter: 40
            );

    [Theory]
    [InlineData(1)]
    [InlineData(208)]
    [InlineData(259)]
    [InlineData(20_016)]
    public void However_many_rows_pull_a_gradient_stays_within_what_fp32_counts_to(int rows)
    {
        foreach (var (largest, equal) in new[] { (1f, true), (1f, false), (1e-25f, true), (1e25f, true), (1e18f, false) })
        {
            var squares = equal ? rows * largest * largest : largest * largest;
            var scale = IntegerProducts.Scale(largest, squares, rows, 255 * MathF.Sqrt(rows));
            var integer = (long)MathF.Round(largest / scale);

            Assert.InRange(integer, 0, 255);
            Assert.True((equal ? rows : 1) * integer * 255 <= 1 << 24, $"{rows} rows of {integer}");
            Assert.True(integer >= Math.Min(100, (1 << 24) / (255 * rows) / 3), $"{rows} rows have steps of {integer}");
        }
    }

    [Fact]
    public void Elements_are_rounded_as_a_scalar_loop_rounds_them()
    {
        var random = new KeyedRandom(1, RandomPurpose.Words, 0, 0);
        for (var length = 1; length < 70; length++)
        {
            var values = new float[length];
            foreach (ref var value in values.AsSpan())
            {
                value = random.NextInt32(5) == 0 ? random.NextInt32(300) / 32f : (random.NextSingle() * 20) - 2;
            }

            var (bytes, back) = (new byte[length], new float[length]);
            Rounding.To(Precision.Portable, values, bytes);
            Rounding.From(Precision.Portable, bytes, back);

            for (var i = 0; i < length; i++)
            {
                var expected = (byte)Math.Clamp(MathF.Round(values[i] * 16, MidpointRounding.ToEven), 0, 255);
                Assert.Equal((expected, expected / 16f), (bytes[i], back[i]));
            }
        }
    }

    [Fact]
    public void Sums_in_fixed_order_are_those_of_a_scalar_loop_with_sixteen_lanes()
    {
        foreach (var width in new[] { 1, 16, 33, 250 })
        {
            using Matrix left = Random(4, width, 1),
                right = Random(3, width, 2),
                target = new(4, 3, TorchSharp.torch.ScalarType.Float32);
            OrderedProduct.OfRows(target, left, right, 4);
            for (var row = 0; row < 4; row++)
            {
                for (var c = 0; c < 3; c++)
                {
                    Assert.Equal(Dot(left.Row<float>(row).ToArray(), right.Row<float>(c).ToArray()), target.Row<float>(row)[c]);
                }
            }
        }
    }

    [Fact]
    public void A_product_in_fixed_order_adds_up_as_a_scalar_loop_does()
    {
        foreach (var width in new[] { 1, 16, 33, 250 })
        {
            using Matrix left = Random(4, 7, 1),
                right = Random(7, width, 2),
                target = Random(4, width, 3);
            OrderedProduct.Of(target, left, right, 4);
            for (var row = 0; row < 4; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var sum = 0f;
                    for (var i = 0; i < 7; i++)
                    {
                        sum += left.Row<float>(row)[i] * right.Row<float>(i)[column];
                    }

                    Assert.Equal(sum, target.Row<float>(row)[column]);
                }
            }
        }
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void This_machines_library_multiplies_small_integers_exactly(Precision carrier) => Assert.True(ExactProducts.AreExact(carrier));

    [Fact]
    public void Floats_that_cannot_hold_the_integers_are_refused()
    {
        Assert.Equal((Precision.Fp32, Precision.Bf16), (IntegerProducts.Named("fp32"), IntegerProducts.Named("bf16")));
        Assert.Equal(IntegerProducts.Named(null), IntegerProducts.Named(""));
        var refused = Assert.Throws<InvalidInputException>(() => IntegerProducts.Named("fp16"));
        Assert.Equal("FF_PORTABLE_PRODUCTS is 'fp16', expected fp32 or bf16.", refused.Message);
    }

    private static float Dot(float[] left, float[] right)
    {
        float[] even = new float[16],
            odd = new float[16];
        for (var i = 0; i < left.Length; i++)
        {
            (i / 16 % 2 == 0 ? even : odd)[i % 16] += left[i] * right[i];
        }

        var sum = 0f;
        for (var lane = 0; lane < 16; lane++)
        {
            sum += even[lane] + odd[lane];
        }

        return sum;
    }

    private static Matrix Random(int rows, int columns, int key)
    {
        var matrix = new Matrix(rows, columns, TorchSharp.torch.ScalarType.Float32);
        var random = new KeyedRandom(3, RandomPurpose.Words, 0, key);
        foreach (ref var value in matrix.RowSpan<float>(0, rows))
        {
            value = (float)random.NextNormal();
        }

        return matrix;
    }

    // What a layer hands on: mean square 1, in sixteenths.
    private static byte[][] Directions(int width, Kind kind, int seed)
    {
        var rows = Floats(Rows, width, kind, seed);
        return
        [
            .. rows.Select(row =>
            {
                var size = Math.Sqrt(row.Sum(value => (double)value * value) / width) + 1e-300;
                var bytes = new byte[width];
                Rounding.To(Precision.Portable, [.. row.Select(value => (float)(Math.Abs(value) / size))], bytes);
                return bytes;
            }),
        ];
    }

    private static float[][] Weights(int width, Kind kind, int seed) => Floats(Units, width, kind, seed + 1);

    private static float[][] Floats(int rows, int width, Kind kind, int seed)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Words, 0, 0);
        var made = new float[rows][];
        for (var row = 0; row < rows; row++)
        {
            made[row] = new float[width];
            for (var i = 0; i < width; i++)
            {
                made[row][i] = kind switch
                {
                    Kind.Normal => (float)random.NextNormal(),
                    Kind.Extreme => 1,
                    Kind.Denormal => (float)random.NextNormal() * 1e-41f,
                    Kind.Tiny => 1e-25f,
                    Kind.Huge => 1e25f,
                    _ => 0,
                };
            }

            if (kind == Kind.OneHot)
            {
                made[row][random.NextInt32(width)] = 1;
            }
        }

        return made;
    }

    private static (float[] Products, int[][] Integers) Multiplied(Precision carrier, byte[][] x, float[][] w, int width)
    {
        var type = carrier.ScalarType();
        var operands = new IntegerOperands(new LayerShape(width, 0, Units), carrier);
        using Matrix rows = new(Rows, width, type),
            weights = new(Units, width, TorchSharp.torch.ScalarType.Float32),
            integers = new(Units, width, type),
            products = new(Rows, Units, type);
        for (var row = 0; row < Rows; row++)
        {
            operands.Take(x[row], rows, row, 0);
        }

        for (var unit = 0; unit < Units; unit++)
        {
            w[unit].CopyTo(weights.Row<float>(unit));
            operands.Round(weights, integers, unit);
        }

        using var transposed = integers.Tensor.t();
        Product.Into(products.Tensor, rows.Tensor, transposed);
        return (
            Read(products, carrier),
            [.. Enumerable.Range(0, Units).Select(unit => Array.ConvertAll(Row(integers, unit, carrier), value => (int)value))]
        );
    }

    private static float[] Read(Matrix matrix, Precision carrier) =>
        [.. Enumerable.Range(0, matrix.Rows).SelectMany(row => Row(matrix, row, carrier))];

    private static float[] Row(Matrix matrix, int row, Precision carrier)
    {
        var values = new float[matrix.Columns];
        Rounding.From(carrier, matrix.Row<byte>(row), values);
        return values;
    }

    private static BigInteger Sum(byte[] row, int[] weights) =>
        row.Zip(weights).Aggregate(BigInteger.Zero, (sum, pair) => sum + ((BigInteger)pair.First * pair.Second));

    private static float Rounded(BigInteger sum, Precision carrier)
    {
        var exact = (float)(double)sum;
        if (carrier == Precision.Fp32)
        {
            return exact;
        }

        var rounded = new ushort[1];
        Rounding.ToBf16([exact], rounded);
        var back = new float[1];
        Rounding.FromBf16(rounded, back);
        return back[0];
    }
}
