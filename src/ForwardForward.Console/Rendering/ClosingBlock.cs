using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Reproduction;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Predictions;

namespace ForwardForward.Console.Rendering;

/// <summary>What a person reads when a run is done.</summary>
internal static class ClosingBlock
{
    private const int ShownDigits = 16;
    private const int ShownIncidents = 8;

    public static void Write(TextWriter output, RunSummary summary) => Write(output, Lines(summary).Concat(Course(summary)));

    /// <summary>What befell a run that did not come to its end, if anything did.</summary>
    public static void WriteCourse(TextWriter output, RunSummary summary) => Write(output, Course(summary));

    /// <summary>What is usually done with a run that has just ended here.</summary>
    public static void WriteNext(TextWriter output, RunSummary summary) =>
        Write(output, [("next", $"{Called.Name} report {RunList.Address(summary)}")]);

    private static IEnumerable<(string Label, string Value)> Course(RunSummary summary) => Incidents(summary).Concat(Doubts(summary));

    private static void Write(TextWriter output, IEnumerable<(string Label, string Value)> lines)
    {
        var tolerant = new TolerantWriter(output); // the run is done, whoever can read of it
        foreach (var (label, value) in lines)
        {
            tolerant.WriteLine($"{label, -22}{value}");
        }
    }

    private static IEnumerable<(string Label, string Value)> Incidents(RunSummary summary)
    {
        if (summary.Recoveries > 0)
        {
            yield return ("recoveries", $"{summary.Recoveries}, {Texts.Count((int)summary.RedoneSlots, "slot")} done again");
        }

        if (summary.Incidents.Count > ShownIncidents)
        {
            var all = $"all with `ff runs show {summary.Run} --json`";
            yield return ("what happened", $"the last {ShownIncidents} of {summary.Incidents.Count}; {all}");
        }

        foreach (var incident in summary.Incidents.TakeLast(ShownIncidents))
        {
            yield return ($"  at {Texts.Duration(TimeSpan.FromSeconds(incident.Seconds))}", incident.Sentence);
        }
    }

    private static IEnumerable<(string Label, string Value)> Doubts(RunSummary summary) =>
        [
            .. summary.TestGap is { } gap ? [("two tests", gap)] : Array.Empty<(string, string)>(),
            .. summary.Warnings.Select(warning => ("warning", warning)),
        ];

    // Where there are two tests, which of them is meant matters.
    private static IEnumerable<(string Label, string Value)> Meant(RunSummary summary)
    {
        if (summary is { TestErrorFast: not null, TestErrorGoodness: not null, PredictsBy: { } test })
        {
            var answers =
                test == PredictionTest.Joint ? "by both tests together, by the fast one alone while the run trains" : "by the fast test";
            yield return ("", $"`ff predict` answers {answers}; the published error of {Published(summary)}");
        }
    }

    private static string Published(RunSummary summary) =>
        PublishedExperiment.All.Any(one => one.Preset == summary.Preset && one.IsPublishedFast)
            ? "this experiment is of the fast test"
            : "such a network is of the goodness test";

    private static IEnumerable<(string Label, string Value)> Lines(RunSummary summary) =>
        [
            ("test error", $"{Texts.Percent(summary.TestErrorFast)} fast, {Texts.Percent(summary.TestErrorGoodness)} by goodness"),
            .. Meant(summary),
            .. summary.Examples is { } examples
                ?
                [
                    ("prequential error", $"{Texts.Percent(summary.PrequentialError)} of the last thousand, each before it was learned"),
                    ("stream", $"{Texts.Count((int)examples, "example")}; with `train --stream` and these it ends in this hash again"),
                ]
                : Array.Empty<(string, string)>(),
            .. summary is { IsDone: true, Examples: null } && summary.Epoch < summary.Epochs
                ? [("ended early", $"with epoch {summary.Epoch} of {summary.Epochs}: evaluation.patience tests brought nothing better")]
                : Array.Empty<(string, string)>(),
            ("time", Texts.Duration(TimeSpan.FromSeconds(summary.Seconds))),
            ("speed", $"{Texts.Rate(summary.SamplesPerSecond)}{OfTheMatrixRate(summary)}"),
            ("state hash", summary.StateHash?[..ShownDigits] ?? Texts.None),
            .. summary.Lessons > 0
                ? [("lessons", $"{Texts.Count(summary.Lessons, "picture")}; with `train --journal` and these it ends in this hash again")]
                : Array.Empty<(string, string)>(),
            .. summary.Exact ? Array.Empty<(string, string)>() : [("exact", KernelText.NotExact)],
            .. KernelText.Lines(summary).Select(kind => ("kernels", kind)),
            .. VersionText.Lines(summary).Select(version => ("version", version)),
            .. MissingNet.Sentence(summary) is { } missing ? [("checkpoints", missing)] : Kept(summary),
            .. summary.Unwritten is { } unwritten ? [("not written", unwritten)] : Array.Empty<(string, string)>(),
            .. summary.Output is { } folder ? [("results", folder)] : Array.Empty<(string, string)>(),
        ];

    private static string OfTheMatrixRate(RunSummary summary) =>
        summary.MatrixRateLeftOut is { } reason
            ? $"; its share of the matrix rate is left out: {reason}"
            : $", {Texts.Percent(summary.MatrixRateShare)} of the matrix rate";

    private static (string, string)[] Kept(RunSummary summary) =>
        summary.MissedCheckpoints > 0
            ?
            [
                (
                    "checkpoints",
                    $"{summary.MissedCheckpoints} missed on the way; the last one, of slot {summary.LastCheckpointSlot}, is kept"
                ),
            ]
            : [];
}
