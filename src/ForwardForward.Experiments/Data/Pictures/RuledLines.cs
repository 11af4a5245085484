namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Lines of ruled and squared paper: straight, thin, and over most of the sheet, as no stroke is. They are taken out of the ink, but not
/// where a stroke crosses them.
/// </summary>
internal static class RuledLines
{
    private const double MaxSlope = 0.08;
    private const double SlopeStep = 0.008;
    private const double MinCover = 0.72;
    private const double ThicknessOfSide = 0.02;
    private const int MinThickness = 3;

    public static void Remove(bool[] mask, int width)
    {
        var height = mask.Length / width;
        var thickest = Math.Max(MinThickness, (int)Math.Ceiling(ThicknessOfSide * Math.Max(width, height)));
        RemoveAlong(mask, thickest, width, height, along: 1, across: width);
        RemoveAlong(mask, thickest, height, width, along: width, across: 1);
    }

    /// <param name="length">Pixels of a line.</param>
    /// <param name="lines">How many there are side by side.</param>
    /// <param name="along">From a pixel of a line to the next.</param>
    /// <param name="across">From a line to the next.</param>
    private static void RemoveAlong(bool[] mask, int thickest, int length, int lines, int along, int across)
    {
        var steps = (int)Math.Round(MaxSlope / SlopeStep);
        var ink = Enumerable
            .Range(0, mask.Length)
            .Where(i => mask[i])
            .Select(i => (At: i / along % length, Line: i / across % lines, Index: i))
            .ToArray();
        var slopes = Enumerable
            .Range(-steps, (2 * steps) + 1)
            .Select(step => step * SlopeStep)
            .Select(slope => (Slope: slope, Covers: Covers(ink, length, lines, across, mask, slope)));
        var (best, covers) = slopes.MaxBy(one => one.Covers.Sum(cover => cover >= MinCover ? cover : 0));
        for (var first = 0; first < covers.Length; first++)
        {
            var past = first;
            while (past < covers.Length && covers[past] >= MinCover)
            {
                past++;
            }

            if (past > first && past - first <= thickest)
            {
                RemoveLine(
                    mask,
                    length,
                    lines,
                    along,
                    across,
                    line => ((first + past) / 2.0) - Offset(length, best) + (best * line),
                    past - first
                );
            }

            first = past;
        }
    }

    private static double Offset(int length, double slope) => Math.Max(0, slope * length);

    // How much of each slanted line, together with the one behind it, is ink: a thin line that is a little steeper is in both.
    private static double[] Covers((int At, int Line, int Index)[] ink, int length, int lines, int across, bool[] mask, double slope)
    {
        var covers = new double[lines + (int)Math.Ceiling(Math.Abs(slope) * length) + 1];
        foreach (var (at, line, index) in ink)
        {
            var slanted = line + (int)Math.Round(Offset(length, slope) - (slope * at));
            covers[slanted] += 1.0 / length;
            if (slanted > 0 && (line == 0 || !mask[index - across]))
            {
                covers[slanted - 1] += 1.0 / length;
            }
        }

        return covers;
    }

    // A run of ink across the line that is longer than the line is thick is a stroke's.
    private static void RemoveLine(bool[] mask, int length, int lines, int along, int across, Func<int, double> middle, int thickness)
    {
        var reach = (thickness / 2) + 2;
        for (var at = 0; at < length; at++)
        {
            var line = (int)Math.Round(middle(at));
            var (from, to) = (Math.Max(0, line - reach), Math.Min(lines - 1, line + reach));
            var run = Enumerable.Range(from, Math.Max(0, to - from + 1)).Where(one => mask[(at * along) + (one * across)]).ToList();
            if (
                run.Count > 0
                && !IsInk(mask, at * along, across, run[0] - 1, lines, from)
                && !IsInk(mask, at * along, across, run[^1] + 1, lines, to)
            )
            {
                run.ForEach(one => mask[(at * along) + (one * across)] = false);
            }
        }
    }

    private static bool IsInk(bool[] mask, int start, int across, int line, int lines, int edge) =>
        line >= 0 && line < lines && Math.Abs(line - edge) == 1 && mask[start + (line * across)];
}
