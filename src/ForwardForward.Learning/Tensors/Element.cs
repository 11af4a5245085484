using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ForwardForward.Learning.Tensors;

/// <summary>How 16 stored elements become 16 fp32 lanes and back; a struct, so that each pass is compiled for its format.</summary>
internal interface IElement<T>
    where T : unmanaged
{
    static abstract Vector512<float> Load(ref T at);

    static abstract void Store(Vector512<float> lanes, ref T at);
}

internal readonly struct Fp32Element : IElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float at) => Vector512.LoadUnsafe(ref at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, ref float at) => lanes.StoreUnsafe(ref at);
}

/// <summary>bfloat16: the upper half of an fp32, rounded to nearest even.</summary>
internal readonly struct Bf16Element : IElement<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref ushort at)
    {
        var stored = Vector256.LoadUnsafe(ref at);
        var wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(stored)
            : Vector512.Create(Vector256.WidenLower(stored), Vector256.WidenUpper(stored));
        return Vector512.ShiftLeft(wide, 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, ref ushort at) => Pack(lanes).StoreUnsafe(ref at);

    /// <summary>
    /// As <see cref="Store"/>, past the caches: for what is not read before they have forgotten it. <see cref="Fence"/> must follow before
    /// another thread reads it.
    /// </summary>
    /// <param name="at">A multiple of 32 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Stream(Vector512<float> lanes, ref ushort at) =>
        Pack(lanes).StoreAlignedNonTemporal((ushort*)Unsafe.AsPointer(ref at));

    public static unsafe bool CanStream(ref ushort at) => (nint)Unsafe.AsPointer(ref at) % 32 == 0;

    public static void Fence()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
        else
        {
            Thread.MemoryBarrier();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Pack(Vector512<float> lanes)
    {
        var bits = lanes.AsUInt32();
        var even = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        var upper = Vector512.ShiftRightLogical(bits + even + Vector512.Create(0x7FFFu), 16);
        return Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(upper) : Vector256.Narrow(upper.GetLower(), upper.GetUpper());
    }
}

/// <summary>
/// Reads and writes 16 lanes of a row at a time; the last ones of a row that is no multiple of 16 through a small buffer.
/// </summary>
internal static class Lanes<T, TElement>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    public const int Count = 16;

    /// <summary>
    /// How many of so many elements come in full lanes. A loop over those calls nothing, so that what it needs stays in registers; what is
    /// left of a row is read and written here.
    /// </summary>
    public static int Full(int elements) => elements / Count * Count;

    /// <summary>Lanes that are known to be full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref T row, nint at) => TElement.Load(ref Unsafe.Add(ref row, at));

    /// <inheritdoc cref="Load(ref T, nint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, ref T row, nint at) => TElement.Store(lanes, ref Unsafe.Add(ref row, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<T> row, int at) =>
        row.Length - at >= Count ? TElement.Load(ref Unsafe.Add(ref Unsafe.AsRef(in row[0]), at)) : LoadLast(row[at..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, Span<T> row, int at)
    {
        if (row.Length - at >= Count)
        {
            TElement.Store(lanes, ref Unsafe.Add(ref row[0], at));
        }
        else
        {
            StoreLast(lanes, row[at..]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadLast(ReadOnlySpan<T> rest)
    {
        Span<T> padded = stackalloc T[Count];
        padded.Clear();
        rest.CopyTo(padded);
        return TElement.Load(ref padded[0]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreLast(Vector512<float> lanes, Span<T> rest)
    {
        Span<T> padded = stackalloc T[Count];
        TElement.Store(lanes, ref padded[0]);
        padded[..rest.Length].CopyTo(rest);
    }
}
