using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Rendering;

/// <summary>What a person reads when a run is done.</summary>
internal static class ClosingBlock
{
    private const int ShownDigits = 16;

    public static void Write(TextWriter output, RunSummary summary)
    {
        var tolerant = new TolerantWriter(output); // the run is done, whoever can read of it
        foreach (var (label, value) in Lines(summary))
        {
            tolerant.WriteLine($"{label,-22}{value}");
        }
    }

    private static IEnumerable<(string Label, string Value)> Lines(RunSummary summary) =>
    [
        ("test error", $"{Texts.Percent(summary.TestErrorFast)} fast, {Texts.Percent(summary.TestErrorGoodness)} by goodness"),
        ("time", Texts.Duration(TimeSpan.FromSeconds(summary.Seconds))),
        ("speed", $"{Texts.Rate(summary.SamplesPerSecond)}, {Texts.Percent(summary.MatrixRateShare)} of the matrix rate"),
        ("state hash", summary.StateHash?[..ShownDigits] ?? Texts.None),
        .. MissingNet.Sentence(summary) is { } missing ? [("checkpoints", missing)] : Kept(summary),
        .. summary.Unwritten is { } unwritten ? [("not written", unwritten)] : Array.Empty<(string, string)>(),
        .. summary.Output is { } folder ? [("results", folder)] : Array.Empty<(string, string)>(),
    ];

    private static (string, string)[] Kept(RunSummary summary) =>
        summary.MissedCheckpoints > 0 ? [("checkpoints", $"{summary.MissedCheckpoints} missed on the way; the last one, of slot {summary.LastCheckpointSlot}, is kept")] : [];
}
