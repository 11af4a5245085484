using ForwardForward.Client;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>Follows a run of another process of this machine by what that writes into the run's folder.</summary>
/// <param name="run">As its folder tells it.</param>
internal sealed class FolderWatch(RunSummary run)
{
    private readonly string _folder = run.Output!;
    private readonly ExperimentSpec _spec = SpecReader.ReadFile(Path.Combine(run.Output!, RunFolder.SpecFile));

    /// <param name="view">Shows it.</param>
    /// <returns>How it ended; at once where it does not run.</returns>
    /// <exception cref="OperationCanceledException">Whoever watched has had enough; the run goes on.</exception>
    public async Task<RunSummary> Watch(Func<RunProgress, IRunView> view, CancellationToken cancellation)
    {
        if (RunFolder.IsInUse(_folder))
        {
            var progress = new RunProgress(Status(), run.Silos, _folder);
            await view(progress)
                .During(show =>
                    RunWatch.Follow(
                        Next,
                        news =>
                        {
                            progress.Apply(news);
                            show(news);
                        },
                        cancellation
                    )
                );
        }

        return RunList.Find(_folder, RunFolder.Runs);
    }

    private Task<RunUpdate> Next(long nextSequence)
    {
        var status = Status(); // first: what it ended with is in the records then
        return Task.FromResult(
            new RunUpdate(status, [.. RunRecords.Read(_folder).All.Select(Event).OfType<RunEvent>().Skip((int)nextSequence)])
        );
    }

    private static RunEvent? Event(RunRecord record, int sequence) =>
        record.Type switch
        {
            "layer" => new RunEvent(
                sequence,
                record.Seconds,
                new LayerMeasurement(
                    record.Layer,
                    record.Slot,
                    record.Epoch,
                    record.GoodnessPositive,
                    record.GoodnessNegative,
                    record.Loss,
                    record.Pulling
                ),
                record.InboxDepth,
                null
            ),
            "evaluation" => new RunEvent(
                sequence,
                record.Seconds,
                null,
                null,
                new Evaluation(record.Slot, record.Epoch, record.TestErrorFast, record.TestErrorGoodness) { OwnErrors = record.OwnErrors }
            ),
            _ => null,
        };

    private RunStatus Status()
    {
        var now = RunList.Find(_folder, RunFolder.Runs);
        return new RunStatus
        {
            Run = now.Run,
            Preset = now.Preset,
            // interrupted: it is over for who watches
            State = Enum.TryParse<RunState>(now.State, ignoreCase: true, out var state) ? state : RunState.Failed,
            Error = now.Error,
            Spec = _spec,
            Data = RunBulletin.Read(_folder)?.Data,
            Slot = now.Slot,
            Slots = now.Slots ?? 0,
            Epoch = now.Epoch,
            Generation = now.Generation,
            Recoveries = now.Recoveries,
            RedoneSlots = now.RedoneSlots,
            Plan = now.Plan,
            PlanReason = now.PlanReason ?? "",
            LastCheckpointSlot = now.LastCheckpointSlot,
            Seconds = now.Seconds,
            StateHash = now.StateHash,
            Fingerprint = now.Fingerprint ?? "",
            Kernels = now.Kernels ?? [],
            Versions = now.Versions ?? [],
        };
    }
}
