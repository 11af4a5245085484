namespace ForwardForward.Learning.Layers;

/// <summary>Conversion between fp32 and the run's precision.</summary>
public static class Rounding
{
    /// <summary>Rounds to nearest even.</summary>
    public static void ToBf16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        for (var i = 0; i < source.Length; i += Lanes<float, Fp32Element>.Count)
        {
            Lanes<ushort, Bf16Element>.Store(Lanes<float, Fp32Element>.Load(source, i), target[..source.Length], i);
        }
    }

    public static void FromBf16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        for (var i = 0; i < source.Length; i += Lanes<float, Fp32Element>.Count)
        {
            Lanes<float, Fp32Element>.Store(Lanes<ushort, Bf16Element>.Load(source, i), target[..source.Length], i);
        }
    }
}
