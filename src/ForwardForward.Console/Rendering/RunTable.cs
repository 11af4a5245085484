using System.Globalization;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Rendering;

/// <summary>Runs below each other, in as many columns as there is room for. No colours, no lines, nothing cut.</summary>
internal static class RunTable
{
    private const string Gap = "  ";

    // As they stand beside each other; where room is short, those with the highest rank go first.
    private static readonly (string Name, int Rank, bool IsNumber, Func<RunSummary, string> Cell)[] Columns =
    [
        ("run", 0, false, run => run.Run),
        ("where", 2, false, Where),
        ("state", 1, false, run => run.State),
        ("preset", 10, false, run => run.Preset ?? Texts.None),
        ("data", 6, false, Data),
        ("epoch", 3, true, run => $"{run.Epoch}/{run.Epochs}"),
        ("error, fast", 4, true, run => Texts.Percent(run.TestErrorFast)),
        ("by goodness", 7, true, run => Texts.Percent(run.TestErrorGoodness)),
        ("images/s", 9, true, run => run.SamplesPerSecond?.ToString("#,0", CultureInfo.InvariantCulture) ?? Texts.None),
        ("time", 5, true, run => Texts.Duration(TimeSpan.FromSeconds(run.Seconds))),
        ("recoveries", 8, true, run => $"{run.Recoveries}"),
    ];

    /// <param name="width">Characters of a line; a name that is longer than all is not shortened.</param>
    public static void Write(TextWriter output, IReadOnlyList<RunSummary> runs, int width)
    {
        var columns = Columns
            .Select((column, i) => (column, Width: runs.Max(run => Math.Max(column.Name.Length, column.Cell(run).Length)), i))
            .ToList();
        var (shown, taken) = (new HashSet<int>(), -Gap.Length);
        foreach (var (column, needed, i) in columns.OrderBy(one => one.column.Rank))
        {
            if (column.Rank == 0 || taken + Gap.Length + needed <= width)
            {
                shown.Add(i);
                taken += Gap.Length + needed;
            }
        }

        void Line(Func<(string Name, int Rank, bool IsNumber, Func<RunSummary, string> Cell), string> cell) =>
            output.WriteLine(
                string.Join(
                        Gap,
                        columns
                            .Where(one => shown.Contains(one.i))
                            .Select(one => one.column.IsNumber ? cell(one.column).PadLeft(one.Width) : cell(one.column).PadRight(one.Width))
                    )
                    .TrimEnd()
            );
        Line(column => column.Name);
        foreach (var run in runs)
        {
            Line(column => column.Cell(run));
        }
    }

    /// <summary>Name of its data set, or of its folder.</summary>
    public static string Data(RunSummary run) => Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Dataset));

    private static string Where(RunSummary run) => run.Where ?? RunPlace.Here;
}
