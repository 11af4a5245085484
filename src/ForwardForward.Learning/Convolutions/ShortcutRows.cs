namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// What shortcuts do to the row of one picture that a layer hands on. They have no weights, and no gradient comes back by them.
/// </summary>
internal static class ShortcutRows
{
    /// <summary>Joins a layer's shortcut to what it has made, and puts behind it what layers above still need.</summary>
    /// <param name="below">The row that the stage got.</param>
    /// <param name="row">The row that goes on; it begins with what the layer has made.</param>
    public static void Complete(ConvolutionShape shape, ReadOnlySpan<float> below, Span<float> row)
    {
        if (shape.Route.Taken is { } taken)
        {
            var from = below.Slice(taken.Offset, taken.From.Size);
            if (shape.Out.Channels > shape.Channels)
            {
                Concatenate(from, taken, shape, row);
            }
            else
            {
                Add(from, taken, row);
            }
        }

        var at = shape.Out.Size;
        foreach (var part in shape.Route.Carried)
        {
            Carry(below.Slice(part.Offset, part.From.Size), part, row.Slice(at, part.To.Size));
            at += part.To.Size;
        }
    }

    private static void Carry(ReadOnlySpan<float> from, RowPart part, Span<float> to)
    {
        if (part.Side == 1)
        {
            from.CopyTo(to);
            return;
        }

        var (channels, side) = (part.To.Channels, part.Side);
        for (var point = 0; point < part.To.Points; point++)
        {
            Mean(from, part, side, point, 0, to.Slice(point * channels, channels));
        }
    }

    private static void Add(ReadOnlySpan<float> from, RowPart part, Span<float> row)
    {
        if (part.Side == 1)
        {
            ChannelRows.Add(from, row[..from.Length]);
            return;
        }

        var means = new float[part.To.Size];
        Carry(from, part, means);
        ChannelRows.Add(means, row[..means.Length]);
    }

    // A class's set of the result has its channels of the layer, then those of the shortcut. Backwards, since it spreads in its place.
    private static void Concatenate(ReadOnlySpan<float> from, RowPart part, ConvolutionShape shape, Span<float> row)
    {
        var (own, other, side) = (shape.ChannelsOfClass, part.To.Channels / shape.Classes, part.Side);
        for (var set = (part.To.Points * shape.Classes) - 1; set >= 0; set--)
        {
            var to = row.Slice(set * (own + other), own + other);
            row.Slice(set * own, own).CopyTo(to);
            Mean(from, part, side, set / shape.Classes, set % shape.Classes * other, to[own..]);
        }
    }

    // Of the square that becomes a point; at the border of those of its points that there are.
    private static void Mean(ReadOnlySpan<float> values, RowPart part, int side, int point, int channel, Span<float> target)
    {
        int top = point / part.To.Width * side,
            left = point % part.To.Width * side,
            bottom = Math.Min(top + side, part.From.Height),
            right = Math.Min(left + side, part.From.Width);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var one = values.Slice((((y * part.From.Width) + x) * part.From.Channels) + channel, target.Length);
                if (y == top && x == left)
                {
                    one.CopyTo(target);
                }
                else
                {
                    ChannelRows.Add(one, target);
                }
            }
        }

        if (side > 1)
        {
            var share = 1f / ((bottom - top) * (right - left));
            foreach (ref var value in target)
            {
                value *= share;
            }
        }
    }
}
