namespace ForwardForward.Learning.Tensors;

/// <summary>Conversion between fp32 and the run's precision.</summary>
internal static class Rounding
{
    /// <summary>Rounds to nearest even.</summary>
    public static void ToBf16(ReadOnlySpan<float> source, Span<ushort> target) =>
        Convert<float, Fp32Element, ushort, Bf16Element>(source, target[..source.Length]);

    public static void FromBf16(ReadOnlySpan<ushort> source, Span<float> target) =>
        Convert<ushort, Bf16Element, float, Fp32Element>(source, target[..source.Length]);

    private static void Convert<TFrom, TFromElement, TTo, TToElement>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : unmanaged
        where TFromElement : struct, IElement<TFrom>
        where TTo : unmanaged
        where TToElement : struct, IElement<TTo>
    {
        for (var i = 0; i < source.Length; i += Lanes<TFrom, TFromElement>.Count)
        {
            Lanes<TTo, TToElement>.Store(Lanes<TFrom, TFromElement>.Load(source, i), target, i);
        }
    }
}
