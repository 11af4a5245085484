using System.Text.Json;

namespace ForwardForward.Console.Sweeps;

/// <summary>A setting with what its seeds came to.</summary>
internal sealed record Standing(int Trial, IReadOnlyDictionary<string, JsonElement> Fields, IReadOnlyList<TrialResult> Results)
{
    /// <summary>With every seed.</summary>
    public bool IsDone => Results.All(result => result.IsDone);

    public IReadOnlyList<double> Fast => Errors(result => result.HeldOutErrorFast);

    public IReadOnlyList<double> Goodness => Errors(result => result.HeldOutErrorGoodness);

    /// <summary>Mean over the seeds; null where none is done or was tested so.</summary>
    public double? Mean(bool byGoodness) => (byGoodness ? Goodness : Fast) is { Count: > 0 } errors ? errors.Average() : null;

    private List<double> Errors(Func<TrialResult, double?> error) =>
        [.. Results.Where(result => result.IsDone).Select(error).OfType<double>()];
}

/// <summary>Settings by their mean error, the best first; those that are not done with every seed come last.</summary>
/// <param name="ByGoodness">Whether by the goodness test: where all that is done was tested so. Else by the fast test.</param>
internal sealed record Ranking(bool ByGoodness, IReadOnlyList<Standing> Standings)
{
    /// <summary>Null where no setting is done with every seed.</summary>
    public Standing? Best => Standings.FirstOrDefault(one => one.IsDone);

    public string Test => ByGoodness ? "by goodness" : "by the fast test";

    public static Ranking Of(IEnumerable<TrialResult> results)
    {
        var standings = results
            .GroupBy(result => result.Trial)
            .Select(trial => new Standing(trial.Key, trial.First().Fields, [.. trial]))
            .ToList();
        var done = standings.Where(one => one.IsDone).ToList();
        var byGoodness = done.Count > 0 && done.All(one => one.Goodness.Count == one.Results.Count);
        return new Ranking(
            byGoodness,
            [
                .. standings
                    .OrderBy(one => one.IsDone ? 0 : 1)
                    .ThenBy(one => one.Mean(byGoodness) ?? double.PositiveInfinity)
                    .ThenBy(one => one.Trial),
            ]
        );
    }

    /// <summary>Of the longest runs of those that are over.</summary>
    public static Ranking OfLongest(IReadOnlyList<TrialResult> results) =>
        Of(results.Where(result => result.Epochs == results.Where(any => any.IsOver).Select(any => any.Epochs).DefaultIfEmpty().Max()));
}
