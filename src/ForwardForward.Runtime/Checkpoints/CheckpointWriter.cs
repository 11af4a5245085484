using System.Diagnostics;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Telemetry;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>
/// One stage's part of its run's checkpoints. A snapshot is a copy, written in the background while the stage goes on; a second one waits
/// for the first, so that no more than one is in memory.
/// </summary>
internal sealed class CheckpointWriter(
    StageAssignment assignment,
    CheckpointStore store,
    ReportLine reports,
    StageMetrics metrics,
    CancellationToken stopping
)
{
    private readonly ICheckpoints _checkpoints = store.Of(assignment.Run);
    private Task _writing = Task.CompletedTask;

    /// <summary>The stage's part of the checkpoint that its run goes on from; null where it starts with the first slot.</summary>
    /// <exception cref="CheckpointException">It is not as it was written.</exception>
    public IReadOnlyList<StateTensor>? Restored(string name) =>
        assignment.From is { } from ? _checkpoints.Read(from.Id, from.File(name), stopping) : null;

    /// <summary>
    /// Writes a snapshot and tells the coordinator. One that cannot be written is a checkpoint less, and no reason to stop.
    /// </summary>
    public void Save(long slot, string name, IReadOnlyList<StateTensor> snapshot)
    {
        Complete();
        _writing = Task.Run(() => Write(new CheckpointId(slot, assignment.Generation), name, snapshot));
    }

    /// <summary>Waits until what was given to <see cref="Save"/> is written and reported.</summary>
    public void Complete() => _writing.GetAwaiter().GetResult();

    private async Task Write(CheckpointId id, string name, IReadOnlyList<StateTensor> snapshot)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            var file = await _checkpoints.Write(id, name, snapshot, StateTrace.Metadata(id.Slot), stopping);
            metrics.CheckpointWritten(Stopwatch.GetElapsedTime(started), file.Bytes);
            await reports.Tell(new StageReport { CheckpointSlot = id.Slot, Saved = file });
        }
        catch (CheckpointException e)
        {
            metrics.CheckpointFailed();
            await reports.Tell(new StageReport { CheckpointSlot = id.Slot, NotSaved = e.Message });
        }
        catch (Exception)
        {
            // The coordinator is gone, or the stage is to end; whoever goes on starts from a checkpoint that is complete.
        }
    }
}
