using System.Runtime.InteropServices;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tensors;

/// <summary>Conversion between fp32 and the run's precision.</summary>
internal static class Rounding
{
    /// <summary>Writes elements of rows in a run's precision.</summary>
    public static void To(Precision precision, ReadOnlySpan<float> source, Span<byte> target)
    {
        switch (precision)
        {
            case Precision.Fp32:
                source.CopyTo(MemoryMarshal.Cast<byte, float>(target));
                break;
            case Precision.Bf16:
                ToBf16(source, MemoryMarshal.Cast<byte, ushort>(target));
                break;
            default:
                Convert<float, Fp32Element, byte, SixteenthsElement>(source, target[..source.Length]);
                break;
        }
    }

    /// <summary>Reads elements of rows in a run's precision.</summary>
    public static void From(Precision precision, ReadOnlySpan<byte> source, Span<float> target)
    {
        switch (precision)
        {
            case Precision.Fp32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case Precision.Bf16:
                FromBf16(MemoryMarshal.Cast<byte, ushort>(source), target);
                break;
            default:
                Convert<byte, SixteenthsElement, float, Fp32Element>(source, target[..source.Length]);
                break;
        }
    }

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
        LanePass<TFrom, TFromElement, TTo, TToElement>.Map(source, target[..source.Length], default(Same));
    }
}
