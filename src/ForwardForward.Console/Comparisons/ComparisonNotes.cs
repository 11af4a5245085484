using ForwardForward.Console.Rendering;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Comparisons;

/// <summary>What has to be known beside the numbers of a comparison.</summary>
internal static class ComparisonNotes
{
    private const int ShownDigits = 12;

    public static IReadOnlyList<string> Of(RunComparison comparison) =>
        [
            .. OtherData(comparison.Runs),
            .. OtherTests(comparison.Runs),
            .. comparison.Runs.Where(run => !run.Summary.IsDone).Select(Unfinished),
            .. comparison.Settings.SelectMany(setting => Repeated(setting, comparison.Runs)),
        ];

    private static IEnumerable<string> OtherData(IReadOnlyList<ComparedRun> runs)
    {
        var data = runs.GroupBy(run => Data(run.Spec)).ToList();
        var names = data.Select(group => RunTable.Data(group.First().Summary)).ToList();
        var areTold = names.Distinct().Count() == names.Count;
        var parts = data.Select((group, i) => $"{Names(group)} of {names[i]}{(areTold ? "" : $" ({Start(group.Key)}...)")}");
        return data.Count < 2
            ? []
            : [$"The runs are of other data, {string.Join(", ", parts)}: their errors cannot be held against each other."];
    }

    private static IEnumerable<string> OtherTests(IReadOnlyList<ComparedRun> runs)
    {
        var tests = runs.GroupBy(run => TestedOn(run.Spec)).ToList();
        return tests.Count < 2
            ? []
            :
            [
                $"The runs have other tests, {string.Join("; ", tests.Select(group => $"{Names(group)} {group.Key}"))}: small differences "
                    + "of their errors may be those of the tests.",
            ];
    }

    private static string Unfinished(ComparedRun run) =>
        $"{run.Title} is not done ({run.Summary.State}, epoch {run.Summary.Epoch} of {run.Summary.Epochs}): its numbers are those it had "
        + "then.";

    private static IEnumerable<string> Repeated(Setting setting, IReadOnlyList<ComparedRun> runs) =>
        setting
            .Runs.Except(setting.Counted)
            .Select(again => (First: runs[setting.Counted.Single(i => runs[i].Spec.Seed == runs[again].Spec.Seed)], Again: runs[again]))
            .Select(pair =>
                $"{pair.Again.Title} has the spec and the seed of {pair.First.Title}{Ending(pair.First, pair.Again)}: the mean has the "
                + "first of them only."
            );

    private static string Ending(ComparedRun first, ComparedRun again) =>
        (first.Summary.StateHash, again.Summary.StateHash) switch
        {
            (null, _) or (_, null) => "",
            var (one, other) when one == other => " and ended in its bytes",
            _ when !first.Spec.Exact => " but ended in others, as runs that are not exact may",
            _ when first.Summary.Fingerprint != again.Summary.Fingerprint => " but ended in others, computed by other kernels",
            _ => " but ended in others",
        };

    private static string Data(ExperimentSpec spec) => spec.DatasetSha256.Length > 0 ? spec.DatasetSha256 : spec.Dataset;

    private static string Start(string data) => data.Length > ShownDigits ? data[..ShownDigits] : data;

    private static string TestedOn(ExperimentSpec spec) =>
        (spec.HoldOut, spec.TestImages) switch
        {
            (0, 0) => "on all test images",
            (0, var first) => $"on the first {first} test images",
            (var held, 0) => $"on {held} training images that were held out",
            var (held, first) => $"on the first {first} of {held} training images that were held out",
        };

    private static string Names(IEnumerable<ComparedRun> runs) => string.Join(", ", runs.Select(run => run.Title));
}
