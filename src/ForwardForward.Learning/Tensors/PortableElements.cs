using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Tensors;

/// <summary>
/// What is not negative in sixteenths, as a byte: rounded to nearest even, at most 255 / 16. A row of normalized activity is a direction,
/// of mean square 1; in these steps it is a row of integers.
/// </summary>
internal readonly struct SixteenthsElement : IElement<byte>
{
    /// <summary>Of 1.</summary>
    public const int Steps = 16;

    public const int Largest = byte.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref byte at)
    {
        var bytes = Vector128.LoadUnsafe(ref at);
        var words = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
        var whole = Vector512.Create(Vector256.WidenLower(words), Vector256.WidenUpper(words)).AsInt32();
        return Vector512.ConvertToSingle(whole) * (1f / Steps);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, ref byte at)
    {
        var steps = Vector512.Min(Vector512.Create((float)Largest), Vector512.Max(Vector512<float>.Zero, lanes * Steps));
        var whole = Vector512.ConvertToInt32(WholeNumbers.Round(steps));
        var narrow = Vector256.Narrow(whole.GetLower(), whole.GetUpper()).AsUInt16();
        Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).StoreUnsafe(ref at);
    }
}

/// <summary>fp32 that is read as bf16 would have kept it.</summary>
internal readonly struct Fp32AsBf16Element : IElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float at)
    {
        var bits = Vector512.LoadUnsafe(ref at).AsUInt32();
        var even = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        return ((bits + even + Vector512.Create(0x7FFFu)) & Vector512.Create(0xFFFF0000u)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, ref float at) => lanes.StoreUnsafe(ref at);
}
