using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ForwardForward.Contracts.Slots;

/// <summary>
/// Rows without their zeros, of which a layer's activity has half when it is new and four fifths or more when it has learned: one bit for
/// every element, least significant first, that says whether it is there; then those that are, in order. An element that is left out has no
/// bit set, so rows come back as they were, to the bit.
/// </summary>
internal static class SparseRows
{
    /// <summary>Most bytes that <see cref="Expand"/> reads past the last element.</summary>
    public const int Overhang = 64;

    /// <summary>Whether this processor leaves out zeros faster than it would send them.</summary>
    public static bool IsFast => Avx512Vbmi2.IsSupported;

    public static int MaskBytes(int elements) => (elements + 7) / 8;

    /// <summary>Writes the bits, and after them the elements that are not zero.</summary>
    /// <param name="elementBytes">1, 2 or 4.</param>
    /// <param name="target">Overwritten, past what is returned too.</param>
    /// <returns>Bytes of all that was written; 0 where they, or the last vector of them, have no room in the target.</returns>
    public static int Compress(ReadOnlySpan<byte> rows, int elementBytes, Span<byte> target) =>
        elementBytes switch
        {
            sizeof(byte) => Compress<byte>(rows, target),
            sizeof(ushort) => Compress(MemoryMarshal.Cast<byte, ushort>(rows), target),
            _ => Compress(MemoryMarshal.Cast<byte, uint>(rows), target),
        };

    /// <summary>Elements that are there by these bits.</summary>
    public static int Count(ReadOnlySpan<byte> mask)
    {
        var count = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(mask))
        {
            count += BitOperations.PopCount(word);
        }

        foreach (var rest in mask[(mask.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            count += BitOperations.PopCount(rest);
        }

        return count;
    }

    /// <summary>Puts elements where the bits say, and zeros everywhere else.</summary>
    /// <param name="mask">A bit for every element of the rows.</param>
    /// <param name="elements">Those that are there, and <see cref="Overhang"/> bytes more, whatever they are.</param>
    /// <param name="elementBytes">1, 2 or 4.</param>
    public static void Expand(ReadOnlySpan<byte> mask, ReadOnlySpan<byte> elements, int elementBytes, Span<byte> rows)
    {
        if (elementBytes == sizeof(byte))
        {
            Expand<byte>(mask, elements, rows);
        }
        else if (elementBytes == sizeof(ushort))
        {
            Expand(mask, MemoryMarshal.Cast<byte, ushort>(elements), MemoryMarshal.Cast<byte, ushort>(rows));
        }
        else
        {
            Expand(mask, MemoryMarshal.Cast<byte, uint>(elements), MemoryMarshal.Cast<byte, uint>(rows));
        }
    }

    private static int Compress<T>(ReadOnlySpan<T> rows, Span<byte> target)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (at, length) = (0, MaskBytes(rows.Length));
        if (length > target.Length)
        {
            return 0;
        }

        for (; IsFast && at <= rows.Length - Vector512<T>.Count; at += Vector512<T>.Count)
        {
            if (length + Vector512<byte>.Count > target.Length)
            {
                return 0;
            }

            var vector = Vector512.Create(rows[at..]);
            var isThere = ~Vector512.Equals(vector, Vector512<T>.Zero);
            var bits = isThere.ExtractMostSignificantBits();
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in bits))[..(Vector512<T>.Count / 8)].CopyTo(target[(at / 8)..]);
            Compressed(vector, isThere).AsByte().CopyTo(target[length..]);
            length += BitOperations.PopCount(bits) * Vector512<byte>.Count / Vector512<T>.Count;
        }

        for (target[(at / 8)..MaskBytes(rows.Length)].Clear(); at < rows.Length; at++)
        {
            if (T.IsZero(rows[at]))
            {
                continue;
            }

            var element = MemoryMarshal.AsBytes(rows.Slice(at, 1));
            if (!element.TryCopyTo(target[length..]))
            {
                return 0;
            }

            target[at / 8] |= (byte)(1 << (at % 8));
            length += element.Length;
        }

        return length;
    }

    private static void Expand<T>(ReadOnlySpan<byte> mask, ReadOnlySpan<T> elements, Span<T> rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (at, next) = (0, 0);
        for (; IsFast && at <= rows.Length - Vector512<T>.Count; at += Vector512<T>.Count)
        {
            ulong bits = Vector512<T>.Count switch
            {
                64 => MemoryMarshal.Read<ulong>(mask[(at / 8)..]),
                32 => MemoryMarshal.Read<uint>(mask[(at / 8)..]),
                _ => MemoryMarshal.Read<ushort>(mask[(at / 8)..]),
            };
            Expanded(Vector512.Create(elements[next..]), bits).CopyTo(rows[at..]);
            next += BitOperations.PopCount(bits);
        }

        for (; at < rows.Length; at++)
        {
            rows[at] = (mask[at / 8] >> (at % 8) & 1) == 0 ? T.Zero : elements[next++];
        }
    }

    private static Vector512<T> Compressed<T>(Vector512<T> vector, Vector512<T> isThere)
        where T : unmanaged =>
        Vector512<T>.Count switch
        {
            64 => Avx512Vbmi2.Compress(Vector512<byte>.Zero, isThere.AsByte(), vector.AsByte()).As<byte, T>(),
            32 => Avx512Vbmi2.Compress(Vector512<ushort>.Zero, isThere.AsUInt16(), vector.AsUInt16()).As<ushort, T>(),
            _ => Avx512F.Compress(Vector512<uint>.Zero, isThere.AsUInt32(), vector.AsUInt32()).As<uint, T>(),
        };

    private static Vector512<T> Expanded<T>(Vector512<T> elements, ulong bits)
        where T : unmanaged
    {
        if (Vector512<T>.Count == 64)
        {
            // lane i takes the byte of the bits that has its bit
            var spread = Vector512.Create(bits).AsByte();
            var own = Vector512.Shuffle(spread, ByteOfLane8);
            return Avx512Vbmi2
                .Expand(Vector512<byte>.Zero, Vector512.Equals(own & BitOfLane8, BitOfLane8), elements.AsByte())
                .As<byte, T>();
        }

        if (Vector512<T>.Count == 32)
        {
            var own = Vector512.Create(Vector256.Create((ushort)bits), Vector256.Create((ushort)(bits >> 16)));
            var isThere = Vector512.Equals(own & BitOfLane16, BitOfLane16);
            return Avx512Vbmi2.Expand(Vector512<ushort>.Zero, isThere, elements.AsUInt16()).As<ushort, T>();
        }

        var isThere32 = Vector512.Equals(Vector512.Create((uint)bits) & BitOfLane32, BitOfLane32);
        return Avx512F.Expand(Vector512<uint>.Zero, isThere32, elements.AsUInt32()).As<uint, T>();
    }

    private static Vector512<byte> BitOfLane8 => Vector512.Create(0x8040201008040201ul).AsByte();

    private static Vector512<byte> ByteOfLane8 =>
        Vector512
            .Create(
                0ul,
                0x0101010101010101,
                0x0202020202020202,
                0x0303030303030303,
                0x0404040404040404,
                0x0505050505050505,
                0x0606060606060606,
                0x0707070707070707
            )
            .AsByte();

    private static Vector512<ushort> BitOfLane16 => Vector512.Create(BitOfLane, BitOfLane);

    private static Vector256<ushort> BitOfLane =>
        Vector256.Create(1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000);

    private static Vector512<uint> BitOfLane32 =>
        Vector512.Create(1u, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000);
}
