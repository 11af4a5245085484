namespace ForwardForward.Console.Rendering;

/// <summary>
/// A few values as a row of bars, each an eighth of a line high or more; between the least and the most of what is shown.
/// </summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <param name="width">Most bars; more values than that are averaged.</param>
    /// <param name="logarithmic">Whether equal steps are equal ratios.</param>
    public static string Of(IReadOnlyList<double> values, int width, bool logarithmic = false)
    {
        var finite = values
            .Where(value => double.IsFinite(value) && (!logarithmic || value > 0))
            .Select(value => logarithmic ? Math.Log(value) : value)
            .ToList();
        if (finite.Count < 2)
        {
            return "";
        }

        var columns = Math.Min(width, finite.Count);
        var shown = Enumerable
            .Range(0, columns)
            .Select(i =>
                finite.GetRange(i * finite.Count / columns, ((i + 1) * finite.Count / columns) - (i * finite.Count / columns)).Average()
            )
            .ToList();
        var (least, most) = (shown.Min(), shown.Max());
        return string.Concat(
            shown.Select(value => Bars[most > least ? (int)Math.Round((value - least) / (most - least) * (Bars.Length - 1)) : 0])
        );
    }
}
