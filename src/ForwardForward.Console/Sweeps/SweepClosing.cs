using System.Globalization;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Sweeps;

/// <summary>What a person reads when a sweep is done.</summary>
internal static class SweepClosing
{
    private const int Shown = 3;

    public static void Write(TextWriter output, SweepProgress progress)
    {
        var tolerant = new TolerantWriter(output); // the sweep is done, whoever can read of it
        foreach (var (label, value) in Lines(progress))
        {
            tolerant.WriteLine($"{label, -22}{value}");
        }
    }

    /// <summary>By what which trial is the best, in one sentence.</summary>
    public static string BestSentence(SweepPlan plan, Ranking ranking, Standing best) =>
        $"Trial {best.Trial} ({Fields(best)}) is the best {ranking.Test}: {Error(plan, ranking, best)}.";

    /// <summary>What a sweep is found by: its name where it is one of ./runs, or its folder.</summary>
    public static string Address(string folder) =>
        Path.GetFullPath(Path.Combine(RunFolder.Runs, Path.GetFileName(folder))) == Path.GetFullPath(folder)
            ? Path.GetFileName(folder)
            : folder;

    private static IEnumerable<(string Label, string Value)> Lines(SweepProgress progress)
    {
        var (results, ranking) = (progress.Results, progress.Ranking);
        var failed = results.Count(result => result.State == RunStates.Failed);
        yield return ("runs", $"{results.Count(result => result.IsDone)} done{(failed > 0 ? $", {failed} failed" : "")}");
        var place = 0;
        foreach (var standing in ranking.Standings.Where(one => one.IsDone).Take(Shown))
        {
            var label = place++ == 0 ? "best" : "then";
            yield return (label, $"trial {standing.Trial}, {Fields(standing)}: {Error(progress.Plan, ranking, standing)}");
        }

        yield return ("time", Texts.Duration(TimeSpan.FromSeconds(results.Sum(result => result.Seconds))) + " of all runs");
        yield return ("results", Path.Combine(progress.Folder, SweepFolder.PageFile));
        if (ranking.Best is not null)
        {
            yield return ("next", $"{Called.Name} sweep --resume {Address(progress.Folder)} --best > best.json");
        }
    }

    private static string Fields(Standing standing) =>
        standing.Fields.Count == 0
            ? "the spec as it is"
            : string.Join(", ", standing.Fields.Select(field => $"{field.Key}={FieldPath.Text(field.Value)}"));

    private static string Error(SweepPlan plan, Ranking ranking, Standing standing)
    {
        var errors = ranking.ByGoodness ? standing.Goodness : standing.Fast;
        var spread =
            errors.Count > 1
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $", mean of {errors.Count} seeds ({100 * errors.Min():0.00} to {100 * errors.Max():0.00})"
                )
                : "";
        return SweepWords.Error(plan, standing.Mean(ranking.ByGoodness), ranking.ByGoodness) + spread;
    }
}
