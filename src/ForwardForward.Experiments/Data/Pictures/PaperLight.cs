namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// The light of the paper at every pixel: an even surface, and by how much the places that are paper differ from it, spread to those that
/// are not.
/// </summary>
internal static class PaperLight
{
    private const int Spreads = 12;

    /// <param name="isPaper">Of every cell; those that the paper is followed to are added.</param>
    public static float[] Of(GreyPicture picture, Cells cells, LightSurface surface, bool[] isPaper, double tolerance)
    {
        var even = cells.Medians.Select((_, i) => (float)surface.At(cells.U(i % cells.Columns), cells.V(i / cells.Columns))).ToArray();
        var off = cells.Medians.Select((light, i) => isPaper[i] ? light - even[i] : 0).ToArray();
        Follow(cells, even, off, isPaper, tolerance);
        Spread(cells, off, isPaper);
        var light = new float[picture.Pixels.Length];
        for (var i = 0; i < light.Length; i++)
        {
            var (x, y) = (cells.Along(i % picture.Width), cells.Along(i / picture.Width));
            light[i] = Math.Clamp((float)surface.At(cells.U(x), cells.V(y)) + Between(cells, off, x, y), 0, 255);
        }

        return light;
    }

    // From a place that is paper to a neighbour that is hardly brighter or darker: into the edge of a shadow, not into a stroke.
    private static void Follow(Cells cells, float[] even, float[] off, bool[] isPaper, double tolerance)
    {
        var next = new Queue<int>(Enumerable.Range(0, isPaper.Length).Where(i => isPaper[i]));
        while (next.TryDequeue(out var from))
        {
            foreach (
                var to in Neighbours(cells, from)
                    .Where(to => !isPaper[to] && Math.Abs(cells.Medians[to] - even[to] - off[from]) <= tolerance)
            )
            {
                (off[to], isPaper[to]) = (cells.Medians[to] - even[to], true);
                next.Enqueue(to);
            }
        }
    }

    private static void Spread(Cells cells, float[] off, bool[] isPaper)
    {
        for (var i = 0; i < Spreads; i++)
        {
            var before = (float[])off.Clone();
            for (var cell = 0; cell < off.Length; cell++)
            {
                off[cell] = isPaper[cell]
                    ? before[cell]
                    : Neighbours(cells, cell).Select(neighbour => before[neighbour]).DefaultIfEmpty().Average();
            }
        }
    }

    private static IEnumerable<int> Neighbours(Cells cells, int cell)
    {
        var (column, row) = (cell % cells.Columns, cell / cells.Columns);
        foreach (var (x, y) in new[] { (column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1) })
        {
            if (x >= 0 && x < cells.Columns && y >= 0 && y < cells.Rows)
            {
                yield return (y * cells.Columns) + x;
            }
        }
    }

    private static float Between(Cells cells, float[] off, float x, float y)
    {
        var (left, top) = (Math.Clamp((int)MathF.Floor(x), 0, cells.Columns - 1), Math.Clamp((int)MathF.Floor(y), 0, cells.Rows - 1));
        var (right, bottom) = (Math.Min(left + 1, cells.Columns - 1), Math.Min(top + 1, cells.Rows - 1));
        var (h, v) = (Math.Clamp(x - left, 0, 1), Math.Clamp(y - top, 0, 1));
        float At(int column, int row) => off[(row * cells.Columns) + column];
        return ((1 - v) * (((1 - h) * At(left, top)) + (h * At(right, top))))
            + (v * (((1 - h) * At(left, bottom)) + (h * At(right, bottom))));
    }
}
