using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Copies what a kernel sees of a row: a few numbers to a few hundred, millions of times a step.</summary>
internal static class ColumnPieces
{
    /// <summary>Copies so many numbers; source and target do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(ref T source, ref T target, int count)
        where T : unmanaged
    {
        var lanes = Vector256<T>.Count;
        if (count < lanes)
        {
            for (var i = 0; i < count; i++)
            {
                Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
            }

            return;
        }

        var last = (nuint)(count - lanes);
        for (nuint i = 0; i < last; i += (nuint)lanes)
        {
            Vector256.LoadUnsafe(ref source, i).StoreUnsafe(ref target, i);
        }

        Vector256.LoadUnsafe(ref source, last).StoreUnsafe(ref target, last);
    }
}
