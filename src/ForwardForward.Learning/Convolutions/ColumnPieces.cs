using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Copies what a kernel sees of a row: a few numbers to a few hundred, millions of times a step.</summary>
internal static class ColumnPieces
{
    private const int Lanes = 8;

    /// <summary>Copies so many numbers; source and target do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref float source, ref float target, int count)
    {
        if (count < Lanes)
        {
            for (var i = 0; i < count; i++)
            {
                Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
            }

            return;
        }

        var last = (nuint)(count - Lanes);
        for (nuint i = 0; i < last; i += Lanes)
        {
            Vector256.LoadUnsafe(ref source, i).StoreUnsafe(ref target, i);
        }

        Vector256.LoadUnsafe(ref source, last).StoreUnsafe(ref target, last);
    }
}
