using ForwardForward.Learning.Native;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Exactness;

/// <summary>
/// What portable precision asks of a machine's matrix library: that a product of small integers is their product. Tried once a process, in
/// the shapes of a layer, against sums of whole numbers.
/// </summary>
internal static class ExactProducts
{
    private const int Rows = 48,
        Inputs = 784,
        Units = 250;

    private static readonly Lazy<bool> Are = new(() => AreExact(Precision.Portable.Multiplied()));

    /// <exception cref="LibTorchUnavailableException">It is not.</exception>
    public static void Require()
    {
        var floats = Precision.Portable.Multiplied().ToString().ToLowerInvariant();
        if (!Are.Value)
        {
            throw new LibTorchUnavailableException(
                $"The matrix library of this machine multiplies small integers in {floats} to wrong products, so it cannot compute in "
                    + $"portable precision; {IntegerProducts.Variable} names the other kind of floats to try, fp32 or bf16."
            );
        }
    }

    /// <param name="carrier">Floats that hold the integers.</param>
    public static bool AreExact(Precision carrier)
    {
        int[] x = Integers(Rows * Inputs, 1, 0),
            w = Integers(Units * Inputs, 2, -IntegerProducts.Largest);
        var (forward, gradient) = (Product(x, w, Rows, Inputs, Units, carrier), new long[Rows * Units]);
        for (var row = 0; row < Rows; row++)
        {
            for (var unit = 0; unit < Units; unit++)
            {
                for (var i = 0; i < Inputs; i++)
                {
                    gradient[(row * Units) + unit] += (long)x[(row * Inputs) + i] * w[(unit * Inputs) + i];
                }
            }
        }

        var rounded = carrier == Precision.Bf16;
        return forward.Zip(gradient).All(pair => pair.First == (rounded ? Bf16(pair.Second) : pair.Second));
    }

    private static float[] Product(int[] left, int[] right, int rows, int inputs, int units, Precision carrier)
    {
        var type = carrier.ScalarType();
        using torch.Tensor x = torch.tensor(left, torch.ScalarType.Float32).reshape(rows, inputs).to(type),
            w = torch.tensor(right, torch.ScalarType.Float32).reshape(units, inputs).to(type),
            wT = w.t(),
            z = torch.zeros(rows, units, dtype: type);
        Tensors.Product.Into(z, x, wT);
        using var wide = z.to(torch.ScalarType.Float32);
        return wide.data<float>().ToArray();
    }

    private static float Bf16(long value)
    {
        var rounded = new ushort[1];
        Rounding.ToBf16([value], rounded);
        var read = new float[1];
        Rounding.FromBf16(rounded, read);
        return read[0];
    }

    // Thinned out, so that no sum is beyond what is exact.
    private static int[] Integers(int count, long key, int least)
    {
        var random = new KeyedRandom(0, RandomPurpose.Weights, 0, key);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => random.NextInt32(4) > 0 ? 0 : least + random.NextInt32(IntegerProducts.Largest - least + 1)),
        ];
    }
}
