using ForwardForward.Console.Reports;

namespace ForwardForward.Console.Sweeps;

/// <summary>What the settings of a sweep erred on over their epochs, laid over each other.</summary>
internal static class SweepCurves
{
    private const int Named = 6; // as many as the style sheet has colours

    /// <summary>The mean over the seeds of every setting; the best have names, the others stay behind them.</summary>
    /// <param name="results">Of all runs; with halving those of lower rungs stay behind as well.</param>
    public static LineChart Of(IReadOnlyList<TrialResult> results, Ranking ranking, bool byGoodness)
    {
        var ranked = ranking.Standings.SelectMany(one => one.Results).ToHashSet();
        return new LineChart(
            $"Error {(byGoodness ? "by goodness" : "by the fast test")} over the epochs, in per cent",
            "epoch",
            [
                .. results
                    .Where(result => !ranked.Contains(result))
                    .GroupBy(result => (result.Trial, result.Epochs))
                    .Select(lower => Line([.. lower], "", "faint", byGoodness)),
                .. ranking.Standings.Select(
                    (one, place) =>
                        place < Named
                            ? Line(one.Results, $"trial {one.Trial}", $"series-{place + 1}", byGoodness)
                            : Line(one.Results, "", "faint", byGoodness)
                ),
            ],
            Percent: true,
            Logarithmic: true
        );
    }

    private static Series Line(IReadOnlyList<TrialResult> seeds, string name, string color, bool byGoodness) =>
        new(
            name,
            color,
            [
                .. seeds
                    .SelectMany(result => result.Tests)
                    .Select(test => (test.Epoch, Error: byGoodness ? test.TestErrorGoodness : test.TestErrorFast))
                    .Where(test => test.Error is not null)
                    .GroupBy(test => test.Epoch)
                    .OrderBy(epoch => epoch.Key)
                    .Select(epoch => ((double)epoch.Key, epoch.Average(test => test.Error!.Value))),
            ]
        );
}
