using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Rendering;

/// <summary>Says that a run keeps no checkpoints although it should: what a loss would cost, and why.</summary>
internal static class MissingNet
{
    /// <returns>One sentence; null where the run has its net.</returns>
    public static string? Sentence(RunStatus run) =>
        run.WithoutNet is { } why ? Sentence(run.LastCheckpointSlot, run.MissedCheckpoints, why) : null;

    /// <returns>One sentence; null where the run has its net.</returns>
    public static string? Sentence(RunSummary run) =>
        run is { WithoutNet: true, MissedCheckpointReason: { } why } ? Sentence(run.LastCheckpointSlot, run.MissedCheckpoints, why) : null;

    private static string Sentence(long? last, int missed, string why) =>
        (last is { } slot ? $"no checkpoint was kept since slot {slot}" : "no checkpoint was ever kept")
        + (missed > 0 ? $" ({missed} missed)" : "")
        + $": {why}";
}
