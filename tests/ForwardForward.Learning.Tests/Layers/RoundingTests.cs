using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class RoundingTests
{
    private static readonly uint[] LowerHalves = [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF];

    [Fact]
    public void Every_upper_half_rounds_to_nearest_and_ties_to_even()
    {
        foreach (var lower in LowerHalves)
        {
            var (bits, numbers) = All(lower);
            var rounded = new ushort[numbers.Length];
            Rounding.ToBf16(numbers, rounded);
            for (var i = 0; i < bits.Length; i++)
            {
                var upper = bits[i] >> 16;
                var up = lower > 0x8000 || (lower == 0x8000 && upper % 2 == 1);
                Assert.Equal(upper + (up ? 1u : 0), rounded[i]); // beyond the largest finite number comes infinity
            }
        }
    }

    [Fact]
    public void Agrees_with_libtorch()
    {
        foreach (var lower in LowerHalves)
        {
            var (_, numbers) = All(lower);
            var rounded = new ushort[numbers.Length];
            Rounding.ToBf16(numbers, rounded);
            using var fp32 = torch.tensor(numbers);
            using var bf16 = fp32.to(torch.ScalarType.BFloat16);
            Assert.True(MemoryMarshal.Cast<byte, ushort>(bf16.bytes).SequenceEqual(rounded), $"lower half {lower:X}");
        }
    }

    [Fact]
    public void Widening_is_exact_for_every_bf16_number()
    {
        var stored = Enumerable.Range(0, 0x10000).Select(i => (ushort)i).ToArray();
        var numbers = new float[stored.Length];
        Rounding.FromBf16(stored, numbers);

        Assert.Equal(stored.Select(s => (uint)s << 16), numbers.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void What_arithmetic_leaves_as_no_number_stays_no_number()
    {
        var stored = new ushort[2];
        var back = new float[2];
        Rounding.ToBf16([float.NaN, -float.NaN], stored);
        Rounding.FromBf16(stored, back);
        Assert.All(back, value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(39)]
    public void Any_length_is_rounded_and_nothing_behind_it_is_written(int length)
    {
        var numbers = Enumerable.Range(1, length).Select(i => (float)i).ToArray();
        var stored = Enumerable.Repeat((ushort)0xABCD, length + 20).ToArray();
        Rounding.ToBf16(numbers, stored);
        var back = Enumerable.Repeat(-1f, length + 20).ToArray();
        Rounding.FromBf16(stored.AsSpan(0, length), back);

        Assert.Equal(numbers, back[..length]);
        Assert.All(stored[length..], s => Assert.Equal(0xABCD, s));
        Assert.All(back[length..], v => Assert.Equal(-1, v));
    }

    private static (uint[] Bits, float[] Numbers) All(uint lower)
    {
        var bits = Enumerable
            .Range(0, 0x10000)
            .Select(upper => ((uint)upper << 16) | lower)
            .Where(b => !float.IsNaN(BitConverter.UInt32BitsToSingle(b)))
            .ToArray();
        return (bits, [.. bits.Select(BitConverter.UInt32BitsToSingle)]);
    }
}
