using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Training;

/// <summary>Sums up what is known of a run when it ends.</summary>
internal static class Summary
{
    public static RunSummary Done(RunProgress progress)
    {
        var experiment = progress.Experiment;
        return Of(progress, RunStates.Done, null) with
        {
            SamplesPerSecond = experiment.Plan.Batches * experiment.Spec.BatchSize / progress.Seconds,
            MatrixRateShare = experiment.MatrixRateShare(progress.Seconds),
        };
    }

    public static RunSummary Failed(RunProgress progress, string reason) => Of(progress, RunStates.Failed, reason);

    public static RunSummary Interrupted(RunProgress progress) => Of(progress, RunStates.Interrupted, "The run was interrupted.");

    private static RunSummary Of(RunProgress progress, string state, string? error)
    {
        var spec = progress.Experiment.Spec;
        return WithStatus(progress.Status, new RunSummary
        {
            Run = progress.Run,
            Preset = progress.Experiment.Choice.Preset,
            State = state,
            Error = error,
            Dataset = spec.Dataset,
            Epochs = spec.Epochs,
            Seed = spec.Seed,
            Precision = spec.Precision,
            Silos = progress.Silos,
            Slots = progress.Experiment.Plan.SlotCount,
            SamplesPerSecond = progress.SamplesPerSecond,
            TestErrorFast = progress.Fast?.ErrorFast,
            TestErrorGoodness = progress.Goodness?.ErrorGoodness,
            Output = Path.GetFullPath(progress.Folder),
        });
    }

    private static RunSummary WithStatus(RunStatus? status, RunSummary summary) => status is null ? summary : summary with
    {
        Slot = status.Slot,
        Epoch = status.Epoch,
        Generation = status.Generation,
        Recoveries = status.Recoveries,
        Plan = status.Plan,
        Seconds = status.Seconds,
        StateHash = status.StateHash,
        Fingerprint = status.Fingerprint.Length == 0 ? null : status.Fingerprint,
    };
}
