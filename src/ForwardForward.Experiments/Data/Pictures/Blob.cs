namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Pixels that hang together, with their corners or along their sides.</summary>
/// <param name="Pixels">Their indices.</param>
/// <param name="Level">As strong as its ink is where it is strongest.</param>
internal sealed record Blob(int[] Pixels, Box Box, float Level)
{
    private const double StrongestShare = 0.9;

    /// <summary>Ink in all.</summary>
    public double Mass => (double)Pixels.Length * Level;

    /// <summary>How much of its box it fills.</summary>
    public double Fill => (double)Pixels.Length / (Box.Width * Box.Height);

    public static IReadOnlyList<Blob> All(bool[] mask, int width, float[] strength)
    {
        var blobs = new List<Blob>();
        var isFree = (bool[])mask.Clone();
        for (var i = 0; i < mask.Length; i++)
        {
            if (isFree[i])
            {
                blobs.Add(Of([.. From(i, isFree, width)], width, strength));
            }
        }

        return blobs;
    }

    public static Blob Of(int[] pixels, int width, float[] strength) =>
        new(
            pixels,
            pixels.Aggregate(Box.Empty, (box, i) => box.With(i % width, i / width)),
            Cells.Quantile([.. pixels.Select(i => strength[i])], StrongestShare)
        );

    private static List<int> From(int first, bool[] isFree, int width)
    {
        var (found, height) = (new List<int> { first }, isFree.Length / width);
        isFree[first] = false;
        for (var next = 0; next < found.Count; next++)
        {
            var (x, y) = (found[next] % width, found[next] / width);
            for (var row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
            {
                for (var column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                {
                    if (isFree[(row * width) + column])
                    {
                        isFree[(row * width) + column] = false;
                        found.Add((row * width) + column);
                    }
                }
            }
        }

        return found;
    }
}
