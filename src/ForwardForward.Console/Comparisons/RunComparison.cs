using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Comparisons;

/// <summary>Runs beside each other: in what they differ, and what came of it.</summary>
internal sealed class RunComparison
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <param name="runs">In the order in which they are shown.</param>
    /// <exception cref="InvalidInputException">There are less than two, more than there are marks for, or one is there twice.</exception>
    public RunComparison(IReadOnlyList<ComparedRun> runs)
    {
        Runs = runs;
        if (runs.Count < 2 || runs.Count > Letters.Length)
        {
            throw new InvalidInputException(
                $"{(runs.Count == 1 ? $"'{runs[0].Title}' is one run" : $"{runs.Count} runs are given")}, expected 2 to {Letters.Length} "
                    + "to compare."
            );
        }

        if (runs.GroupBy(run => Place(run.Summary)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidInputException($"The run '{twice.First().Title}' is given twice, expected different runs.");
        }

        Fields = DifferingField.Of(runs.Select(run => run.Spec));
        Settings = Setting.Of(runs);
        var pairs = SettingPair.Of(Settings);
        (Pairs, OnPairs) = ([.. pairs.Where(pair => pair.Spread is not null)], SettingPair.Introduction(pairs));
    }

    public IReadOnlyList<ComparedRun> Runs { get; }

    public IReadOnlyList<DifferingField> Fields { get; }

    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>Those of which it is known whether they differ by more than their seeds.</summary>
    public IReadOnlyList<SettingPair> Pairs { get; }

    /// <summary>What has to be said of them; empty where there is one setting.</summary>
    public string OnPairs { get; }

    /// <summary>What speaks against taking the numbers for what they look like, a sentence each.</summary>
    public IReadOnlyList<string> Notes => ComparisonNotes.Of(this);

    /// <summary>The letter that stands for a run in tables and curves.</summary>
    public static char Mark(int run) => Letters[run];

    /// <summary>Position of the setting of a run, by which it is coloured.</summary>
    public int SettingOf(int run) => Settings.Single(setting => setting.Runs.Contains(run)).Number - 1;

    private static string Place(RunSummary run) =>
        run.Output is { } folder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) : $"{run.Where}:{run.Run}";
}
