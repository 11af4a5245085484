using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Benchmarks;

/// <summary>Rows as a layer sends them, a quarter of them off: what is measured depends on nothing else about them.</summary>
internal static class BenchRows
{
    public static Activations Make(int rows, int width, Precision precision, ref KeyedRandom random)
    {
        var values = new float[rows * width];
        foreach (ref var value in values.AsSpan())
        {
            value = Math.Max(0, (2 * random.NextSingle()) - 0.5f);
        }

        var made = Activations.Rent(rows, width, precision);
        if (precision == Precision.Bf16)
        {
            Rounding.ToBf16(values, MemoryMarshal.Cast<byte, ushort>(made.Bytes));
        }
        else
        {
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(made.Bytes);
        }

        return made;
    }

    /// <summary>The same ones every time.</summary>
    public static Activations Make(int rows, int width, Precision precision)
    {
        var random = new KeyedRandom(1, RandomPurpose.Order, 0, 0);
        return Make(rows, width, precision, ref random);
    }
}
