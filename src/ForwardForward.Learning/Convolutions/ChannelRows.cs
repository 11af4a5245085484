using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Passes over what a convolution makes of one picture: points row by row, U channels of a point side by side.</summary>
/// <remarks>Every number is made of the same operations in the same order, whatever the width of the processor's registers.</remarks>
internal static class ChannelRows
{
    private const int Lanes = 16;

    /// <summary>target += values.</summary>
    public static void Add(ReadOnlySpan<float> values, Span<float> target)
    {
        var i = 0;
        for (; i <= target.Length - Lanes; i += Lanes)
        {
            Store(Load(target, i) + Load(values, i), target, i);
        }

        for (; i < target.Length; i++)
        {
            target[i] += values[i];
        }
    }

    /// <summary>activity = max(0, made + bias).</summary>
    public static void Rectify(ReadOnlySpan<float> made, ReadOnlySpan<float> bias, Span<float> activity)
    {
        using var tile = new ChannelTile(bias);
        var biases = tile.Values;
        for (var start = 0; start < activity.Length; start += biases.Length)
        {
            var end = Math.Min(activity.Length, start + biases.Length);
            var i = start;
            for (; i <= end - Lanes; i += Lanes)
            {
                Store(Vector512.Max(Load(made, i) + Load(biases, i - start), Vector512<float>.Zero), activity, i);
            }

            for (; i < end; i++)
            {
                activity[i] = Math.Max(made[i] + biases[i - start], 0);
            }
        }
    }

    /// <summary>The largest of each square of points, the first of equals, plus bias, rectified; and which one it was.</summary>
    /// <param name="made">Of all points of <paramref name="shape"/>.</param>
    /// <param name="side">Points a side of a square.</param>
    /// <param name="chosen">Position in the square, row by row, from 0.</param>
    public static void RectifyLargest(
        ReadOnlySpan<float> made,
        PictureShape shape,
        int side,
        ReadOnlySpan<float> bias,
        Span<float> activity,
        Span<float> chosen
    )
    {
        var (units, columns) = (shape.Channels, shape.Width / side);
        for (var at = 0; at < activity.Length; at += units)
        {
            var corner = Corner(at / units, columns, side, shape) * units;
            var i = 0;
            for (; i <= units - Lanes; i += Lanes)
            {
                var (best, which) = (Load(made, corner + i), Vector512<float>.Zero);
                for (var j = 1; j < side * side; j++)
                {
                    var other = Load(made, corner + (Within(j, side, shape) * units) + i);
                    var larger = Vector512.GreaterThan(other, best);
                    best = Vector512.ConditionalSelect(larger, other, best);
                    which = Vector512.ConditionalSelect(larger, Vector512.Create((float)j), which);
                }

                Store(Vector512.Max(best + Load(bias, i), Vector512<float>.Zero), activity, at + i);
                Store(which, chosen, at + i);
            }

            for (; i < units; i++)
            {
                var (best, which) = (made[corner + i], 0);
                for (var j = 1; j < side * side; j++)
                {
                    var other = made[corner + (Within(j, side, shape) * units) + i];
                    (best, which) = other > best ? (other, j) : (best, which);
                }

                (activity[at + i], chosen[at + i]) = (Math.Max(best + bias[i], 0), which);
            }
        }
    }

    /// <summary>Sums over the points, of the activity and of its squares, for each channel.</summary>
    public static void Sums(ReadOnlySpan<float> activity, Span<float> sums, Span<float> squares)
    {
        using ChannelTile first = new(sums.Length),
            second = new(sums.Length);
        Span<float> sum = first.Values,
            square = second.Values;
        for (var start = 0; start < activity.Length; start += sum.Length)
        {
            var end = Math.Min(activity.Length, start + sum.Length);
            var i = start;
            for (; i <= end - Lanes; i += Lanes)
            {
                var value = Load(activity, i);
                Store(Load(sum, i - start) + value, sum, i - start);
                Store(Load(square, i - start) + (value * value), square, i - start);
            }

            for (; i < end; i++)
            {
                sum[i - start] += activity[i];
                square[i - start] += activity[i] * activity[i];
            }
        }

        first.Fold(sums);
        second.Fold(squares);
    }

    /// <summary>Takes in the largest magnitude of each channel and the squares of all, of a picture whose numbers count so much.</summary>
    public static void Measure(ReadOnlySpan<float> values, float factor, in ChannelTile largest, in ChannelTile squares)
    {
        Span<float> most = largest.Values,
            sum = squares.Values;
        for (var start = 0; start < values.Length; start += most.Length)
        {
            var end = Math.Min(values.Length, start + most.Length);
            var i = start;
            for (; i <= end - Lanes; i += Lanes)
            {
                var value = Load(values, i) * factor;
                Store(Vector512.Max(Load(most, i - start), Vector512.Abs(value)), most, i - start);
                Store(Load(sum, i - start) + (value * value), sum, i - start);
            }

            for (; i < end; i++)
            {
                var value = values[i] * factor;
                most[i - start] = Math.Max(most[i - start], Math.Abs(value));
                sum[i - start] += value * value;
            }
        }
    }

    /// <summary>target = scale * activity + shift, a number of each channel.</summary>
    public static void Scale(ReadOnlySpan<float> activity, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> target)
    {
        using ChannelTile first = new(scale),
            second = new(shift);
        Span<float> scales = first.Values,
            shifts = second.Values;
        for (var start = 0; start < activity.Length; start += scales.Length)
        {
            var end = Math.Min(activity.Length, start + scales.Length);
            var i = start;
            for (; i <= end - Lanes; i += Lanes)
            {
                Store((Load(activity, i) * Load(scales, i - start)) + Load(shifts, i - start), target, i);
            }

            for (; i < end; i++)
            {
                target[i] = (activity[i] * scales[i - start]) + shifts[i - start];
            }
        }
    }

    /// <summary>Where a point is active, slope * activity + offset, else 0.</summary>
    public static void Slopes(ReadOnlySpan<float> activity, ReadOnlySpan<float> slope, ReadOnlySpan<float> offset, Span<float> target)
    {
        using ChannelTile first = new(slope),
            second = new(offset);
        Span<float> slopes = first.Values,
            offsets = second.Values;
        for (var start = 0; start < activity.Length; start += slopes.Length)
        {
            var end = Math.Min(activity.Length, start + slopes.Length);
            var i = start;
            for (; i <= end - Lanes; i += Lanes)
            {
                var value = Load(activity, i);
                var made = (value * Load(slopes, i - start)) + Load(offsets, i - start);
                var isActive = Vector512.GreaterThan(value, Vector512<float>.Zero);
                Store(Vector512.ConditionalSelect(isActive, made, Vector512<float>.Zero), target, i);
            }

            for (; i < end; i++)
            {
                target[i] = activity[i] > 0 ? (activity[i] * slopes[i - start]) + offsets[i - start] : 0;
            }
        }
    }

    /// <summary>Brings the slope of every square back to the point that was its largest.</summary>
    /// <param name="slopes">Of the squares.</param>
    /// <param name="made">Of all points of <paramref name="shape"/>; those in no square get 0.</param>
    public static void Spread(ReadOnlySpan<float> slopes, ReadOnlySpan<float> chosen, PictureShape shape, int side, Span<float> made)
    {
        var (units, columns) = (shape.Channels, shape.Width / side);
        if (shape.Width % side != 0 || shape.Height % side != 0)
        {
            made.Clear();
        }

        for (var at = 0; at < slopes.Length; at += units)
        {
            var corner = Corner(at / units, columns, side, shape) * units;
            for (var j = 0; j < side * side; j++)
            {
                var to = made.Slice(corner + (Within(j, side, shape) * units), units);
                var i = 0;
                for (; i <= units - Lanes; i += Lanes)
                {
                    var isIt = Vector512.Equals(Load(chosen, at + i), Vector512.Create((float)j));
                    Store(Vector512.ConditionalSelect(isIt, Load(slopes, at + i), Vector512<float>.Zero), to, i);
                }

                for (; i < units; i++)
                {
                    to[i] = chosen[at + i] == j ? slopes[at + i] : 0;
                }
            }
        }
    }

    /// <summary>The mean of each square of points.</summary>
    /// <param name="values">Of all points of <paramref name="shape"/>.</param>
    public static void Average(ReadOnlySpan<float> values, PictureShape shape, int side, Span<float> target)
    {
        var (units, columns, share) = (shape.Channels, shape.Width / side, 1f / (side * side));
        for (var at = 0; at < target.Length; at += units)
        {
            var corner = Corner(at / units, columns, side, shape) * units;
            for (var i = 0; i < units; i++)
            {
                var sum = 0f;
                for (var j = 0; j < side * side; j++)
                {
                    sum += values[corner + (Within(j, side, shape) * units) + i];
                }

                target[at + i] = sum * share;
            }
        }
    }

    // Points of a picture, of which a square's corner is one, and its others lie so many on.
    private static int Corner(int square, int columns, int side, PictureShape shape) =>
        (square / columns * side * shape.Width) + (square % columns * side);

    private static int Within(int position, int side, PictureShape shape) => (position / side * shape.Width) + (position % side);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> lanes, Span<float> values, int at) =>
        lanes.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);
}
