using ForwardForward.Console.Runs;
using Spectre.Console;

namespace ForwardForward.Console.Rendering;

/// <summary>Runs below each other. The same on a terminal and in a pipe: no colours, no lines, nothing cut.</summary>
internal static class RunTable
{
    private const int Widest = 1000;

    public static void Write(TextWriter output, IEnumerable<RunSummary> runs)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var name in new[] { "run", "state", "preset", "data" })
        {
            table.AddColumn(name, column => column.NoWrap());
        }

        foreach (var name in new[] { "epoch", "error, fast", "by goodness", "images/s", "time", "recoveries" })
        {
            table.AddColumn(name, column => column.NoWrap().RightAligned());
        }

        foreach (var run in runs)
        {
            string[] cells =
            [
                run.Run, run.State, run.Preset ?? Texts.None, Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Dataset)), $"{run.Epoch}/{run.Epochs}", Texts.Percent(run.TestErrorFast), Texts.Percent(run.TestErrorGoodness),
                run.SamplesPerSecond is { } rate ? rate.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture) : Texts.None, Texts.Duration(TimeSpan.FromSeconds(run.Seconds)), $"{run.Recoveries}",
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Widest;
        console.Write(table);
    }
}
