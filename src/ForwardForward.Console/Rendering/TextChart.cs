using System.Globalization;
using ForwardForward.Console.Reports;

namespace ForwardForward.Console.Rendering;

/// <summary>Curves over each other in a terminal, a mark for each; equal steps upwards are equal ratios.</summary>
internal static class TextChart
{
    /// <summary>Stands where several curves are.</summary>
    public const char Several = '*';

    private const char Way = '·';
    private const char Nothing = ' ';
    private const int Rows = 13;
    private const int LabelWidth = 7;
    private const string Side = " │";

    /// <param name="curves">X and share of each; a share that is not above 0 has no place.</param>
    /// <param name="xUnit">Behind the last x.</param>
    /// <param name="width">Characters of a line.</param>
    /// <param name="paint">What a mark looks like.</param>
    /// <returns>Lines; none where there is nothing to show.</returns>
    public static IReadOnlyList<string> Of(
        IReadOnlyList<(char Mark, IReadOnlyList<(double X, double Y)> Points)> curves,
        string xUnit,
        int width,
        Func<char, string> paint
    )
    {
        var shown = curves
            .Select(curve => (curve.Mark, Points: curve.Points.Where(point => double.IsFinite(point.Y) && point.Y > 0).ToList()))
            .ToList();
        var points = shown.SelectMany(curve => curve.Points).ToList();
        if (points.Count == 0)
        {
            return [];
        }

        var (x, y) = (Axis.Over(points.Select(point => point.X)), Axis.Decades(points.Select(point => point.Y)));
        var columns = width - LabelWidth - Side.Length;
        var cells = Enumerable.Range(0, Rows).Select(_ => Enumerable.Repeat(Nothing, columns).ToArray()).ToArray();
        foreach (var (mark, own) in shown)
        {
            List<(int Column, double Row)> places = [.. own.Select(at => ((int)Math.Round(x.Share(at.X) * (columns - 1)), Row(y, at.Y)))];
            Connect(cells, places);
            foreach (var (column, row) in places)
            {
                ref var cell = ref cells[(int)Math.Round(row)][column];
                cell = cell is Nothing or Way || cell == mark ? mark : Several;
            }
        }

        var labels = y.Ticks.Reverse().DistinctBy(Line).ToDictionary(Line, Percent);
        int Line(double tick) => (int)Math.Round(Row(y, tick));
        var (from, to) = ($"{x.From:0.##}", string.Create(CultureInfo.InvariantCulture, $"{x.To:0.##} {xUnit}"));
        return
        [
            .. cells.Select(
                (row, i) =>
                    labels.GetValueOrDefault(i, "").PadLeft(LabelWidth)
                    + Side
                    + string.Concat(new string(row).TrimEnd().Select(cell => cell is Nothing or Way or Several ? $"{cell}" : paint(cell)))
            ),
            new string(' ', LabelWidth) + " └" + new string('─', columns),
            new string(' ', LabelWidth + Side.Length) + from + to.PadLeft(columns - from.Length),
        ];
    }

    // Dots from mark to mark, where nothing else is.
    private static void Connect(char[][] cells, List<(int Column, double Row)> places)
    {
        foreach (var (from, to) in places.Zip(places.Skip(1)))
        {
            for (var column = from.Column + 1; column < to.Column; column++)
            {
                var share = (double)(column - from.Column) / (to.Column - from.Column);
                ref var cell = ref cells[(int)Math.Round(from.Row + (share * (to.Row - from.Row)))][column];
                cell = cell == Nothing ? Way : cell;
            }
        }
    }

    private static double Row(Axis y, double value) => (1 - y.Share(value)) * (Rows - 1);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.###} %");
}
