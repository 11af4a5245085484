using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tensors;

/// <summary>
/// Products of small integers that floats hold. While the lengths (2-norms) of two rows have a product of at most 2^24, no sum of some of
/// their terms is larger (Cauchy and Schwarz), so fp32 adds them up without rounding, in any order, in blocks of any size, on any device.
/// </summary>
internal static class IntegerProducts
{
    /// <summary>Largest magnitude of an operand: bf16 holds all integers up to 256.</summary>
    public const int Largest = 255;

    /// <summary>What the product of two lengths may be: fp32 holds all integers up to here.</summary>
    public const float Exact = 1 << 24;

    /// <summary>Environment variable that names the floats which hold the integers, fp32 or bf16; the bytes are the same.</summary>
    public const string Variable = "FF_PORTABLE_PRODUCTS";

    // Lengths are summed up in fp32.
    private const float Slack = 0.99f;
    private const float SmallestSquares = 1e-30f;

    private const int TypicalWidth = 1000;
    private const int TypicalBatch = 100;

    private static readonly Lazy<Precision> Fastest = new(Faster);
    private static readonly Lazy<Precision> Chosen = new(() => Named(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>Which floats hold the integers on this machine.</summary>
    /// <exception cref="InvalidInputException">The environment names others.</exception>
    public static Precision Carrier => Chosen.Value;

    /// <param name="name">As the environment has it; null or empty: whichever measures faster on this processor, and is exact.</param>
    /// <exception cref="InvalidInputException">It is neither fp32 nor bf16.</exception>
    public static Precision Named(string? name) =>
        name switch
        {
            null or "" => Fastest.Value,
            "fp32" => Precision.Fp32,
            "bf16" => Precision.Bf16,
            _ => throw new InvalidInputException($"{Variable} is '{name}', expected fp32 or bf16."),
        };

    // Instructions for bf16 are no promise: an Intel Xeon with them and without AMX multiplies bf16 at half the rate of fp32.
    private static Precision Faster() =>
        InstructionSets.HaveBf16 && MeasuredFaster() == Precision.Bf16 && ExactProducts.AreExact(Precision.Bf16)
            ? Precision.Bf16
            : Precision.Fp32;

    private static Precision MeasuredFaster() =>
        MatrixRate.Faster(
            new StepProducts([(TypicalWidth, TypicalWidth)], TypicalBatch, Precision.Bf16),
            worth: 1,
            TimeSpan.FromMilliseconds(1) // a step or two
        );

    /// <summary>
    /// The smallest power of two that numbers can be divided by and rounded, so that no integer is too large for a float, and their length
    /// not for their product with another row.
    /// </summary>
    /// <param name="largest">Magnitude of the largest number.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="count">How many they are: rounding adds at most half to each.</param>
    /// <param name="otherLength">Most that the length of the other row can be.</param>
    public static float Scale(float largest, float squares, int count, float otherLength)
    {
        var most = (Slack * Exact / otherLength) - (MathF.Sqrt(count) / 2);
        var length = IsMeasured(squares) ? MathF.Sqrt(squares) : largest * MathF.Sqrt(count);
        var least = MathF.Max(largest / Largest, length / most);
        return least is > 0 and < float.PositiveInfinity ? PowerOf2(least) : 1; // of what is no number the layer tells by its goodness
    }

    /// <summary>Whether fp32 has added up squares rightly: those of what is very small or large are no numbers any more.</summary>
    public static bool IsMeasured(float squares) => squares is > SmallestSquares and < float.PositiveInfinity;

    /// <summary>Magnitude of the largest number of a row, and the sum of their squares, in the same order on every machine.</summary>
    public static (float Largest, float Squares) Measured(ReadOnlySpan<float> row)
    {
        Vector512<float> largest = default,
            squares = default;
        ref var first = ref MemoryMarshal.GetReference(row);
        var full = Lanes<float, Fp32Element>.Full(row.Length);
        for (nint i = 0; i < full; i += Lanes<float, Fp32Element>.Count)
        {
            var values = Lanes<float, Fp32Element>.Load(ref first, i);
            largest = Vector512.Max(largest, Vector512.Abs(values));
            squares += values * values;
        }

        if (full < row.Length)
        {
            var values = Lanes<float, Fp32Element>.Load(row, full);
            largest = Vector512.Max(largest, Vector512.Abs(values));
            squares += values * values;
        }

        var (most, sum) = (0f, 0f);
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
        {
            (most, sum) = (MathF.Max(most, largest[lane]), sum + squares[lane]);
        }

        return (most, sum);
    }

    // Not below 2^-100, where a scaled integer would be no normal number.
    private static float PowerOf2(float atLeast)
    {
        const uint Fraction = 0x7FFFFF,
            One = Fraction + 1,
            Smallest = (127 - 100) * One;
        var bits = Math.Max(Smallest, BitConverter.SingleToUInt32Bits(atLeast));
        return BitConverter.UInt32BitsToSingle((bits + Fraction) & ~Fraction);
    }
}
