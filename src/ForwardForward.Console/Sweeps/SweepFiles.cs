using System.Globalization;
using System.Text;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Sweeps;

/// <summary>Writes the results of a sweep for others to read, all of them whenever there are more: the sweep can do without.</summary>
internal sealed class SweepFiles(SweepProgress progress)
{
    /// <summary>What the disk did not take, in one sentence; null where all is written.</summary>
    public string? Hindrance { get; private set; }

    public void Write()
    {
        var results = progress.Results;
        Hindrance =
            Put(SweepFolder.ResultsFile, JsonSerializer.Serialize(results, Json.Indented) + "\n")
            ?? Put(SweepFolder.TableFile, Table(progress.Plan.Fields, results))
            ?? Put(SweepFolder.PageFile, new SweepPage(progress).Html());
    }

    /// <summary>A line for each trial, with a column for each swept field.</summary>
    public static string Table(IReadOnlyList<string> fields, IReadOnlyList<TrialResult> results)
    {
        var table = new StringBuilder();
        Line([
            "trial",
            .. fields,
            "seed",
            "epochs",
            "state",
            "heldOutErrorFast",
            "heldOutErrorGoodness",
            "seconds",
            "stateHash",
            "folder",
            "error",
        ]);
        foreach (var result in results)
        {
            Line([
                Text(result.Trial),
                .. fields.Select(field => FieldPath.Text(result.Fields[field])),
                Text(result.Seed),
                Text(result.Epochs),
                result.State,
                Text(result.HeldOutErrorFast),
                Text(result.HeldOutErrorGoodness),
                Text(Math.Round(result.Seconds, 3)),
                result.StateHash ?? "",
                result.Folder,
                result.Error ?? "",
            ]);
        }

        return table.ToString();

        void Line(IEnumerable<string> cells) => table.AppendJoin(',', cells.Select(Cell)).Append('\n');
    }

    private string? Put(string name, string text)
    {
        var file = Path.Combine(progress.Folder, name);
        return FileWrite.Hindrance(file, () => WholeFile.Replace(file, text));
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(',', '"', '\n') >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
