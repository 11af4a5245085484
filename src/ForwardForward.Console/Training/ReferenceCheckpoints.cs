using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Checkpoints;

namespace ForwardForward.Console.Training;

/// <summary>
/// What the sequential trainer keeps: its state at its end, so that it can be asked, and where it is interrupted, so that it can go on.
/// None on the way, and the last one is written beside the tests that follow it: it is what others' speed is held against.
/// </summary>
/// <param name="folder">Of the run's checkpoints.</param>
/// <param name="lessons">That are taught to it.</param>
internal sealed class ReferenceCheckpoints(
    SequentialTrainer trainer,
    ReferenceJournal journal,
    string folder,
    IReadOnlyList<Lesson> lessons
)
{
    private Task _writing = Task.CompletedTask;

    /// <summary>Takes note of a slot that is through.</summary>
    public void After(long slot)
    {
        if (!trainer.Plan.IsCheckpoint(slot))
        {
            return;
        }

        var snapshot = trainer.SnapshotAfter(slot);
        journal.Traced(new StateTrace(slot, [.. snapshot.Select(stage => Safetensors.Sha256Of(stage, StateTrace.Metadata(slot)))]));
        if (trainer.Plan.MayBeLastTraining(slot))
        {
            Write(slot, snapshot);
        }
    }

    /// <summary>Keeps the state after this slot, where nothing is half done then.</summary>
    public bool TryRest(long slot)
    {
        if (trainer.Plan[slot] is not { Kind: SlotKind.Train, EndsGroup: true })
        {
            return false;
        }

        Write(slot, trainer.SnapshotAfter(slot));
        return true;
    }

    /// <summary>Waits until what there was to write is on the disk, or could not be written.</summary>
    public void Complete() => _writing.GetAwaiter().GetResult();

    private void Write(long slot, IReadOnlyList<IReadOnlyList<StateTensor>> snapshot)
    {
        Complete();
        var (status, events) = journal.Now();
        _writing = Task.Run(() =>
        {
            try
            {
                SequentialCheckpoint.Write(folder, status, slot, snapshot, events, lessons);
                journal.Saved(slot);
            }
            catch (CheckpointException e)
            {
                journal.Missed(e.Message); // a run without a checkpoint is a run all the same
            }
        });
    }
}
