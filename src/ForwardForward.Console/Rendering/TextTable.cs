namespace ForwardForward.Console.Rendering;

/// <summary>Rows below each other in columns as wide as what is in them. No colours, no lines, nothing cut.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <param name="rows">The first has the headings; all have as many cells.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Count).Select(i => rows.Max(row => row[i].Length)).ToList();
        return [.. rows.Select(row => string.Join(Gap, row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd())];
    }
}
