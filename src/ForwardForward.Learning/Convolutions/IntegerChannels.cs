using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Passes between floats and integers that have a factor for each channel of a point.</summary>
/// <typeparam name="T">Holds an integer.</typeparam>
/// <typeparam name="TElement">Likewise.</typeparam>
internal static class IntegerChannels<T, TElement>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    /// <summary>A factor for each of many points, so that a pass seldom begins anew.</summary>
    public const int TileLength = 1024;

    /// <summary>integers = values * factor, rounded.</summary>
    /// <param name="factors">By which no value becomes too large.</param>
    public static void Round(ReadOnlySpan<float> values, in ChannelTile factors, Span<T> integers)
    {
        var tile = factors.Values;
        for (var start = 0; start < values.Length; start += tile.Length)
        {
            var from = values[start..Math.Min(values.Length, start + tile.Length)];
            LanePass<float, Fp32Element, T, TElement>.Map(from, tile, integers.Slice(start, from.Length), new RoundTimesOthers());
        }
    }

    /// <summary>values = integers * factor.</summary>
    public static void Scale(ReadOnlySpan<T> integers, in ChannelTile factors, Span<float> values)
    {
        var tile = factors.Values;
        for (var start = 0; start < values.Length; start += tile.Length)
        {
            var to = values[start..Math.Min(values.Length, start + tile.Length)];
            LanePass<T, TElement, float, Fp32Element>.Map(integers.Slice(start, to.Length), tile, to, new TimesOthers());
        }
    }
}
