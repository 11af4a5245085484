using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Console.Training;

/// <summary>Sums up what is known of a run.</summary>
internal static class Summary
{
    /// <param name="progress">A run that is done.</param>
    /// <param name="matrixRate">
    /// Of the cores it ran on, in operations per second; 0 where it was not measured, no number where they were busy.
    /// </param>
    public static RunSummary Done(RunProgress progress, double matrixRate)
    {
        var share = progress.ShareOf(matrixRate);
        return Of(progress, RunStates.Done, null) with
        {
            SamplesPerSecond = progress.SamplesPerSecond,
            MatrixRateShare = share.Value,
            MatrixRateLeftOut = share.LeftOut,
        };
    }

    public static RunSummary Failed(RunProgress progress, string reason) => Of(progress, RunStates.Failed, reason);

    public static RunSummary Interrupted(RunProgress progress) => Of(progress, RunStates.Interrupted, "The run was interrupted.");

    /// <summary>What is told of a run that is not over.</summary>
    public static RunBulletin Bulletin(RunProgress progress) => new(AsTold(progress), progress.Status.Data);

    /// <summary>As a run's coordinator tells it.</summary>
    public static RunSummary AsTold(RunProgress progress) =>
        progress.Status.State == RunState.Done
            ? Done(progress, progress.Status.MatrixRate)
            : Of(progress, RunStates.Of(progress.Status.State), progress.Status.Error);

    private static RunSummary Of(RunProgress progress, string state, string? error)
    {
        var (spec, status) = (progress.Spec, progress.Status);
        return new RunSummary
        {
            Run = progress.Run,
            Preset = progress.Preset,
            State = state,
            Where = progress.Where,
            StartedAt = status.StartedAt == default ? null : status.StartedAt,
            Error = error,
            Dataset = spec.Dataset,
            DatasetSha256 = spec.DatasetSha256.Length == 0 ? null : spec.DatasetSha256,
            Epochs = spec.Epochs,
            Seed = spec.Seed,
            Precision = spec.Precision,
            Silos = progress.Silos,
            Slots = status.Slots == 0 ? null : status.Slots,
            Slot = status.Slot,
            Epoch = status.Epoch,
            Generation = status.Generation,
            Recoveries = status.Recoveries,
            RedoneSlots = status.RedoneSlots,
            Plan = status.Plan,
            PlanReason = status.PlanReason.Length == 0 ? null : status.PlanReason,
            LastCheckpointSlot = status.LastCheckpointSlot,
            Incidents = progress.Incidents,
            Warnings = [.. progress.Warnings.Select(warning => warning.Sentence), .. Unread(progress)],
            PredictsBy = Recipe.Of(spec).HasLabels ? PredictionTest.Joint : PredictionTest.Fast,
            TestGap = TestGap.Sentence(progress.Fast?.ErrorFast, progress.Goodness?.ErrorGoodness),
            WithoutNet = status.WithoutNet is not null,
            MissedCheckpoints = status.MissedCheckpoints,
            MissedCheckpointReason = status.WithoutNet,
            Seconds = status.Seconds,
            SamplesPerSecond = progress.SamplesPerSecond,
            TestErrorFast = progress.Fast?.ErrorFast,
            TestErrorGoodness = progress.Goodness?.ErrorGoodness,
            LayerErrors = progress.OwnErrors.Count > 0 ? progress.OwnErrors : null,
            Lessons = status.Lessons,
            Examples = status.Streamed ?? (IsCut(status) ? Taken(progress) : status.Prequential?.Examples),
            PrequentialError = status.Prequential?.Error,
            StateHash = status.StateHash,
            Fingerprint = status.Fingerprint.Length == 0 ? null : status.Fingerprint,
            Exact = spec.Exact,
            Kernels = progress.Kernels.Count == 0 ? null : progress.Kernels,
            Versions = progress.Versions.Count == 0 ? null : progress.Versions,
            Output = progress.Folder is { } folder ? Path.GetFullPath(folder) : null,
        };
    }

    // Its epochs were over before its stream.
    private static bool IsCut(RunStatus status) => status is { State: RunState.Done, Spec.Stream: true, Streamed: null };

    private static long? Taken(RunProgress progress) => progress.Plan?.Batches * progress.Spec.BatchSize;

    private static IEnumerable<string> Unread(RunProgress progress) =>
        IsCut(progress.Status)
            ?
            [
                $"The {progress.Spec.Epochs} epochs ended after {Taken(progress)} examples, and the stream may go on: more --epochs take "
                    + "more.",
            ]
            : [];
}
