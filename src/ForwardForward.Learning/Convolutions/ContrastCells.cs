using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// The squares of a layer's picture whose means its contrast looks at, about as many numbers in every layer (HCL-FF 2026: 4, 2 or 1 a side
/// for up to 100, up to 400 and more channels). Neighbours share a row of points where the sides do not divide.
/// </summary>
internal sealed class ContrastCells
{
    private readonly int _units;
    private readonly int _width; // of the activity
    private readonly List<(Range Rows, Range Columns)> _cells = []; // in the activity

    public ContrastCells(ConvolutionShape shape)
    {
        var (activity, handedOn) = (shape.Activity, shape.Made);
        (_units, _width) = (activity.Channels, activity.Width);
        var side = activity.Channels switch
        {
            <= 100 => 4,
            <= 400 => 2,
            _ => 1,
        };
        // a mean of the means that are handed on is one of what they were made of
        var pooled = shape.Spec.Pool == Pooling.Average ? shape.Spec.PoolSide : 1;
        var rows = Parts(handedOn.Height, Math.Min(side, handedOn.Height), pooled);
        var columns = Parts(handedOn.Width, Math.Min(side, handedOn.Width), pooled);
        _cells.AddRange(rows.SelectMany(row => columns.Select(column => (row, column))));
    }

    /// <summary>Numbers that the contrast sees of a picture.</summary>
    public int Size => _cells.Count * _units;

    /// <summary>Means of each cell, normalized: cells x U.</summary>
    /// <param name="activity">Points x U.</param>
    /// <param name="scale">Of the normalized activity, U.</param>
    public void Means(ReadOnlySpan<float> activity, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> means)
    {
        means.Clear();
        for (var cell = 0; cell < _cells.Count; cell++)
        {
            var mean = means.Slice(cell * _units, _units);
            var points = 0;
            foreach (var point in Points(cell))
            {
                ChannelRows.Add(activity.Slice(point * _units, _units), mean);
                points++;
            }

            for (var c = 0; c < _units; c++)
            {
                mean[c] = (mean[c] / points * scale[c]) + shift[c];
            }
        }
    }

    /// <summary>Adds to the slope by each active point that by the mean of its cells.</summary>
    /// <param name="activity">Points x U.</param>
    /// <param name="slopes">By the means, cells x U.</param>
    /// <param name="scale">Of the normalized activity, U.</param>
    /// <param name="factor">Of all of it.</param>
    /// <param name="target">Points x U.</param>
    public void AddSlopes(
        ReadOnlySpan<float> activity,
        ReadOnlySpan<float> slopes,
        ReadOnlySpan<float> scale,
        float factor,
        Span<float> target
    )
    {
        var each = new float[_units];
        for (var cell = 0; cell < _cells.Count; cell++)
        {
            var points = Points(cell).Count();
            for (var c = 0; c < _units; c++)
            {
                each[c] = slopes[(cell * _units) + c] * scale[c] * factor / points;
            }

            foreach (var point in Points(cell))
            {
                AddWhereActive(activity.Slice(point * _units, _units), each, target.Slice(point * _units, _units));
            }
        }
    }

    /// <summary>Share of each point in the mean of each cell: cells x points.</summary>
    public float[] Shares(int points)
    {
        var shares = new float[_cells.Count * points];
        for (var cell = 0; cell < _cells.Count; cell++)
        {
            var own = Points(cell).ToList();
            own.ForEach(point => shares[(cell * points) + point] = 1f / own.Count);
        }

        return shares;
    }

    // As libtorch's adaptive pooling has them.
    private static IEnumerable<Range> Parts(int length, int parts, int scale) =>
        Enumerable.Range(0, parts).Select(i => (scale * (i * length / parts))..(scale * ((((i + 1) * length) + parts - 1) / parts)));

    private IEnumerable<int> Points(int cell)
    {
        var (rows, columns) = _cells[cell];
        for (var y = rows.Start.Value; y < rows.End.Value; y++)
        {
            for (var x = columns.Start.Value; x < columns.End.Value; x++)
            {
                yield return (y * _width) + x;
            }
        }
    }

    private static void AddWhereActive(ReadOnlySpan<float> activity, ReadOnlySpan<float> values, Span<float> target)
    {
        var i = 0;
        for (; i <= target.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var isActive = Vector512.GreaterThan(Load(activity, i), Vector512<float>.Zero);
            var added = Vector512.ConditionalSelect(isActive, Load(values, i), Vector512<float>.Zero);
            (Load(target, i) + added).StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)i);
        }

        for (; i < target.Length; i++)
        {
            target[i] += activity[i] > 0 ? values[i] : 0;
        }
    }

    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);
}
