using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Tensors;

/// <summary>What a pass makes of 16 lanes; a struct, so that the pass is compiled for it.</summary>
internal interface ILaneFunction
{
    Vector512<float> Of(Vector512<float> lanes);
}

/// <summary>What a pass makes of 16 lanes and 16 others.</summary>
internal interface ILaneFunction2
{
    Vector512<float> Of(Vector512<float> lanes, Vector512<float> others);
}

/// <summary>
/// Passes over rows, 16 lanes at a time, from one format to another. The loop over full lanes calls nothing, so that what it needs stays in
/// registers.
/// </summary>
/// <typeparam name="TFrom">As the source stores an element.</typeparam>
/// <typeparam name="TFromElement">Likewise.</typeparam>
/// <typeparam name="TTo">As the target stores one.</typeparam>
/// <typeparam name="TToElement">Likewise.</typeparam>
internal static class LanePass<TFrom, TFromElement, TTo, TToElement>
    where TFrom : unmanaged
    where TFromElement : struct, IElement<TFrom>
    where TTo : unmanaged
    where TToElement : struct, IElement<TTo>
{
    /// <summary>to = function(from), element by element.</summary>
    public static void Map<TFunction>(ReadOnlySpan<TFrom> from, Span<TTo> to, TFunction function)
        where TFunction : struct, ILaneFunction
    {
        ref var source = ref MemoryMarshal.GetReference(from[..to.Length]);
        ref var target = ref MemoryMarshal.GetReference(to);
        var full = Lanes<TTo, TToElement>.Full(to.Length);
        for (nint i = 0; i < full; i += Lanes<TTo, TToElement>.Count)
        {
            Lanes<TTo, TToElement>.Store(function.Of(Lanes<TFrom, TFromElement>.Load(ref source, i)), ref target, i);
        }

        if (full < to.Length)
        {
            Lanes<TTo, TToElement>.Store(function.Of(Lanes<TFrom, TFromElement>.Load(from, full)), to, full);
        }
    }

    /// <summary>to = function(from, others), element by element.</summary>
    public static void Map<TFunction>(ReadOnlySpan<TFrom> from, ReadOnlySpan<float> others, Span<TTo> to, TFunction function)
        where TFunction : struct, ILaneFunction2
    {
        ref var source = ref MemoryMarshal.GetReference(from[..to.Length]);
        ref var other = ref MemoryMarshal.GetReference(others[..to.Length]);
        ref var target = ref MemoryMarshal.GetReference(to);
        var full = Lanes<TTo, TToElement>.Full(to.Length);
        for (nint i = 0; i < full; i += Lanes<TTo, TToElement>.Count)
        {
            var made = function.Of(Lanes<TFrom, TFromElement>.Load(ref source, i), Lanes<float, Fp32Element>.Load(ref other, i));
            Lanes<TTo, TToElement>.Store(made, ref target, i);
        }

        if (full < to.Length)
        {
            var made = function.Of(Lanes<TFrom, TFromElement>.Load(from, full), Lanes<float, Fp32Element>.Load(others, full));
            Lanes<TTo, TToElement>.Store(made, to, full);
        }
    }
}

internal readonly struct Same : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes) => lanes;
}

internal readonly struct Times(float factor) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes) => lanes * factor;
}

internal readonly struct TimesOthers : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => lanes * others;
}

/// <summary>others + factor * lanes.</summary>
internal readonly struct AddTimes(float factor) : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => others + (lanes * factor);
}

internal readonly struct RoundTimes(float factor) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes) => WholeNumbers.Round(lanes * factor);
}

internal readonly struct RoundTimesOthers : ILaneFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes, Vector512<float> others) => WholeNumbers.Round(lanes * others);
}

/// <summary>As <see cref="RoundTimes"/>, and no larger than an operand of <see cref="IntegerProducts"/>.</summary>
internal readonly struct ClampedTimes(float factor) : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Of(Vector512<float> lanes)
    {
        var most = Vector512.Create((float)IntegerProducts.Largest);
        return WholeNumbers.Round(Vector512.Min(most, Vector512.Max(-most, lanes * factor)));
    }
}
