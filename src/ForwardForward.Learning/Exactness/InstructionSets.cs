using System.Runtime.Intrinsics.X86;

namespace ForwardForward.Learning.Exactness;

/// <summary>What this processor has.</summary>
internal static class InstructionSets
{
    /// <summary>The widest that this processor has: sse, avx2, avx512 or avx512-bf16; baseline where it is no x86.</summary>
    public static string Widest =>
        (X86Base.IsSupported, Avx512F.IsSupported, Avx2.IsSupported) switch
        {
            (false, _, _) => "baseline",
            (_, true, _) => HaveBf16 ? "avx512-bf16" : "avx512",
            (_, _, true) => "avx2",
            _ => "sse",
        };

    /// <summary>Whether it multiplies bf16 by itself.</summary>
    public static bool HaveBf16 =>
        X86Base.IsSupported && Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
}
