using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// What the replicas of a layer make of a slot: each has some rows of every group, and the layer above puts them together again.
/// </summary>
internal static class SlotParts
{
    /// <summary>The groups of one replica's rows.</summary>
    /// <param name="classes">Candidate rows of an image, which stay together; 0 where there are none.</param>
    public static RowLayout Of(RowLayout layout, LayerShard part, int classes) =>
        new(
            Range(layout.Positive, part).Count,
            Range(layout.Negative, part).Count,
            Range(layout.Neutral, part).Count,
            classes == 0 ? 0 : classes * Range(layout.Candidates / classes, part).Count
        );

    /// <summary>A slot with one replica's rows alone, copied; a question's rows are all replicas'.</summary>
    /// <exception cref="ArgumentException">It has no rows, or others than its layout's.</exception>
    public static Slot Of(Slot slot, LayerShard part)
    {
        var (rows, classes) = (slot.Rows!, Classes(slot));
        var layout = Of(slot.Layout, part, classes);
        var groups = Groups(slot.Layout);
        var own = Activations.Rent(layout.Total, rows.Width, rows.Precision);
        int width = rows.Width * rows.Precision.ElementBytes(),
            target = 0;
        for (var group = 0; group < groups.Length; group++)
        {
            var unit = group == groups.Length - 1 ? Math.Max(classes, 1) : 1;
            var (first, count) = Range(groups[group].Count / unit, part);
            rows.Bytes.Slice((groups[group].First + (first * unit)) * width, count * unit * width).CopyTo(own.Bytes[(target * width)..]);
            target += count * unit;
        }

        var (firstRead, read) = Range(slot.Read.Count, part);
        var (firstImage, images) = Range(classes == 0 ? 0 : slot.Layout.Candidates / classes, part);
        return slot with
        {
            Layout = layout,
            Rows = own,
            Labels = [.. slot.Labels.Skip(firstRead).Take(read), .. slot.Labels.Skip(slot.Read.Count + firstImage).Take(images)],
            CandidateGoodness = [.. slot.CandidateGoodness.Skip(firstImage * classes).Take(images * classes)],
        };
    }

    /// <summary>The slot that all replicas' slots are parts of; what they held is the new one's.</summary>
    /// <param name="parts">In the order of the replicas; with all their rows, or with those that the readout reads alone.</param>
    public static Slot Joined(IReadOnlyList<Slot> parts)
    {
        var joined = parts[0] with
        {
            Layout = new RowLayout(
                parts.Sum(part => part.Layout.Positive),
                parts.Sum(part => part.Layout.Negative),
                parts.Sum(part => part.Layout.Neutral),
                parts.Sum(part => part.Layout.Candidates)
            ),
            Labels =
            [
                .. parts.SelectMany(part => part.Labels.Take(part.Read.Count)),
                .. parts.SelectMany(part => part.Labels.Skip(part.Read.Count)),
            ],
            CandidateGoodness = [.. parts.SelectMany(part => part.CandidateGoodness)],
            OwnErrors = OwnErrors(parts),
            Rows = Rows(parts),
        };
        foreach (var part in parts.Skip(1))
        {
            part.Question?.Rows.Dispose();
        }

        foreach (var part in parts)
        {
            part.Rows?.Dispose();
        }

        return joined;
    }

    // Of the layers below all replicas say the same; of the layer itself each what its own images are taken for, if it has any.
    private static int[] OwnErrors(IReadOnlyList<Slot> parts)
    {
        var longest = parts.MaxBy(part => part.OwnErrors.Length)!.OwnErrors;
        return longest.Length == 0
            ? longest
            : [.. longest[..^1], parts.Where(part => part.OwnErrors.Length == longest.Length).Sum(part => part.OwnErrors[^1])];
    }

    private static Activations? Rows(IReadOnlyList<Slot> parts)
    {
        if (parts.FirstOrDefault(part => part.Rows is not null)?.Rows is not { } some)
        {
            return null;
        }

        var pieces = Pieces(parts).Where(piece => piece.Count > 0).ToList();
        var joined = Activations.Rent(pieces.Sum(piece => piece.Count), some.Width, some.Precision);
        int width = some.Width * some.Precision.ElementBytes(),
            target = 0;
        foreach (var (rows, first, count) in pieces)
        {
            rows!.Bytes.Slice(first * width, count * width).CopyTo(joined.Bytes[(target * width)..]);
            target += count;
        }

        return joined;
    }

    // Group by group, or as they are where there are only those that are read.
    private static IEnumerable<(Activations? Rows, int First, int Count)> Pieces(IReadOnlyList<Slot> parts) =>
        parts.All(part => (part.Rows?.Rows ?? 0) == part.Layout.Total)
            ? Enumerable
                .Range(0, 4)
                .SelectMany(group => parts.Select(part => (part.Rows, Groups(part.Layout)[group].First, Groups(part.Layout)[group].Count)))
            : parts.Select(part => (part.Rows, 0, part.Rows?.Rows ?? 0));

    private static (int First, int Count)[] Groups(RowLayout layout) =>
        [
            (0, layout.Positive),
            (layout.Positive, layout.Negative),
            (layout.FirstNeutral, layout.Neutral),
            (layout.FirstCandidate, layout.Candidates),
        ];

    private static int Classes(Slot slot) =>
        slot.Layout.Candidates == 0 ? 0 : slot.Layout.Candidates / (slot.Labels.Length - slot.Read.Count);

    private static (int First, int Count) Range(int rows, LayerShard part)
    {
        var first = rows * part.Number / part.Count;
        return (first, (rows * (part.Number + 1) / part.Count) - first);
    }
}
