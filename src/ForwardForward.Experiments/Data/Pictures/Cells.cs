namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// A picture in a few squares, each as bright as half of its pixels are at least: thin lines, specks and noise are not in it.
/// </summary>
/// <param name="Size">Pixels a side of a square; those at the right and at the bottom may be cut.</param>
/// <param name="Medians">Rows x Columns, row-major.</param>
internal sealed record Cells(int Columns, int Rows, int Size, float[] Medians)
{
    private const int MaxAlong = 32;

    public static Cells Of(GreyPicture picture)
    {
        var size = (picture.LongerSide + MaxAlong - 1) / MaxAlong;
        var (columns, rows) = ((picture.Width + size - 1) / size, (picture.Height + size - 1) / size);
        return new Cells(
            columns,
            rows,
            size,
            [
                .. Enumerable
                    .Range(0, columns * rows)
                    .Select(cell => Median(picture.Part(Area(cell % columns, cell / columns, size, picture)).Pixels)),
            ]
        );
    }

    /// <summary>The squares by which a point of the picture lies, in squares from the middle of the first.</summary>
    public float Along(int pixel) => ((pixel + 0.5f) / Size) - 0.5f;

    /// <summary>From -1 at the first column to 1 at the last.</summary>
    public double U(double column) => Columns < 2 ? 0 : (2 * column / (Columns - 1)) - 1;

    /// <summary>From -1 at the first row to 1 at the last.</summary>
    public double V(double row) => Rows < 2 ? 0 : (2 * row / (Rows - 1)) - 1;

    /// <summary>Half of the values are no larger; they are sorted.</summary>
    public static float Median(float[] values) => Quantile(values, 0.5);

    /// <summary>Such a share of the values is no larger; they are sorted.</summary>
    public static float Quantile(float[] values, double share)
    {
        Array.Sort(values);
        return values[(int)(share * (values.Length - 1))];
    }

    private static Box Area(int column, int row, int size, GreyPicture picture) =>
        new(column * size, row * size, Math.Min(picture.Width, (column + 1) * size), Math.Min(picture.Height, (row + 1) * size));
}
