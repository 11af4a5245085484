using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Tensors;

/// <summary>Rounding that no processor does otherwise.</summary>
internal static class WholeNumbers
{
    // Beyond 2^23 fp32 has no fractions, so adding this rounds to nearest even, and taking it away is exact.
    private const float Shift = 3 << 22;

    /// <summary>To the nearest whole number, even in the middle, of magnitudes up to 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> lanes) => lanes + Vector512.Create(Shift) - Vector512.Create(Shift);
}
