using ForwardForward.Console.Comparisons;

namespace ForwardForward.Console.Reports;

/// <summary>What a run has measured over its epochs and seconds, as lines.</summary>
internal static class RunCurves
{
    private const int Colors = 6;
    private static readonly string[] Rows = ["series-1", "series-2"];

    public static LineChart TestError(RunRecords records) =>
        new(
            "Test error over the epochs, in per cent",
            "epoch",
            [
                new Series(
                    "fast",
                    "series-1",
                    [
                        .. records
                            .Evaluations.Where(at => at.TestErrorFast is not null)
                            .Select(at => ((double)at.Epoch, at.TestErrorFast!.Value)),
                    ]
                ),
                new Series(
                    "goodness",
                    "series-2",
                    [
                        .. records
                            .Evaluations.Where(at => at.TestErrorGoodness is not null)
                            .Select(at => ((double)at.Epoch, at.TestErrorGoodness!.Value)),
                    ]
                ),
            ],
            Percent: true,
            Logarithmic: true
        );

    /// <summary>One test of several runs, over each other; those of one setting have one colour.</summary>
    public static LineChart Over(RunComparison comparison, ComparedTest test) =>
        new(
            $"Test error {test.Name} of every run over the epochs, in per cent",
            "epoch",
            [
                .. comparison.Runs.Select(
                    (run, i) =>
                        new Series(
                            $"{RunComparison.Mark(i)}",
                            Color(comparison.SettingOf(i) + 1),
                            test.Curve(run.Records),
                            IsDashed: comparison.SettingOf(i) / Colors % 2 == 1
                        )
                ),
            ],
            Percent: true,
            Logarithmic: true
        );

    /// <summary>What each layer alone errs on, by its own goodness.</summary>
    public static LineChart OwnErrors(RunRecords records)
    {
        var tests = records.Evaluations.Where(at => at.OwnErrors.Count > 0).ToList();
        return new LineChart(
            "Test error of each layer by its own goodness over the epochs, in per cent",
            "epoch",
            [
                .. Enumerable
                    .Range(0, tests.Count == 0 ? 0 : tests.Min(at => at.OwnErrors.Count))
                    .Select(layer => new Series(
                        $"layer {layer + 1}",
                        Color(layer + 1),
                        [.. tests.Select(at => ((double)at.Epoch, at.OwnErrors[layer]))]
                    )),
            ],
            Percent: true,
            Logarithmic: true
        );
    }

    /// <summary>Mean goodness per unit of the rows that a layer should like and of those that it should not.</summary>
    public static LineChart Goodness(IGrouping<int, RunRecord> layer, long slots, int epochs) =>
        new(
            $"Goodness of layer {layer.Key} over the epochs",
            "epoch",
            [
                new Series("positive", Rows[0], [.. layer.Select(at => (Epoch(at, slots, epochs), at.GoodnessPositive))]),
                new Series("negative", Rows[1], [.. layer.Select(at => (Epoch(at, slots, epochs), at.GoodnessNegative))], IsDashed: true),
            ]
        );

    public static LineChart Loss(RunRecords records, long slots, int epochs) =>
        new(
            "Loss of every layer over the epochs, in nats",
            "epoch",
            [
                .. records.Layers.Select(layer => new Series(
                    $"layer {layer.Key}",
                    Color(layer.Key),
                    [.. layer.Select(at => (Epoch(at, slots, epochs), at.Loss))]
                )),
            ]
        );

    /// <summary>Images per second between two measurements of the first layer, tests and recoveries between them included.</summary>
    /// <param name="imagesPerSlot">Of a training slot.</param>
    public static LineChart Throughput(RunRecords records, int imagesPerSlot)
    {
        var first = records.Layers.FirstOrDefault()?.ToList() ?? [];
        return new LineChart(
            "Images learned from per second",
            "s",
            [
                new Series(
                    "images/s",
                    "series-3",
                    [
                        .. first
                            .Zip(first.Skip(1))
                            .Where(pair => pair.Second.Seconds > pair.First.Seconds && pair.Second.Slot > pair.First.Slot)
                            .Select(pair =>
                                (
                                    pair.Second.Seconds,
                                    (pair.Second.Slot - pair.First.Slot) * imagesPerSlot / (pair.Second.Seconds - pair.First.Seconds)
                                )
                            ),
                    ]
                ),
            ]
        );
    }

    private static double Epoch(RunRecord at, long slots, int epochs) => slots > 0 ? (double)(at.Slot + 1) / slots * epochs : at.Epoch;

    /// <param name="layer">From 1; after the last colour comes the first again.</param>
    public static string Color(int layer) => $"series-{((layer - 1) % Colors) + 1}";
}
