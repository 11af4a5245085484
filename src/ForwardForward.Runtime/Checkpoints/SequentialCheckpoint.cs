using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Experiments;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Readouts;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>A checkpoint of a run without grains, in the files that grains would have written: they can go on from it.</summary>
public static class SequentialCheckpoint
{
    /// <param name="folder">Of the run's checkpoints.</param>
    /// <param name="run">Its spec and kernels.</param>
    /// <param name="slot">The last slot of the snapshot.</param>
    /// <param name="snapshot">Of every stage from the bottom up, then of the readout.</param>
    /// <param name="measured">In the run, up to the slot.</param>
    /// <param name="lessons">That were taught to it.</param>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public static void Write(
        string folder,
        RunStatus run,
        long slot,
        IReadOnlyList<IReadOnlyList<StateTensor>> snapshot,
        IReadOnlyList<RunEvent> measured,
        IReadOnlyList<Lesson>? lessons = null
    )
    {
        var checkpoints = new CheckpointFolder(folder, "sequential");
        var id = new CheckpointId(slot, run.Generation);
        var names = StageTopology.Of(run.Spec).Parts.Select(LayerWorkLoop.CheckpointName).Append(ReadoutWorkLoop.CheckpointName);
        var files = names.Zip(snapshot, (name, state) => checkpoints.WriteTensors(id, name, state, StateTrace.Metadata(slot))).ToList();
        checkpoints.Commit(
            new CheckpointManifest(run.Run, id.Generation, slot, run.Fingerprint, SpecReader.Write(run.Spec), files)
            {
                Journal = JournalText.Write(measured),
                Lessons = lessons is null or { Count: 0 } ? null : LessonJournal.Write(lessons),
            }
        );
    }
}
