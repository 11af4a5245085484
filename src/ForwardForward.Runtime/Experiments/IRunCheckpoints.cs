using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The checkpoints of one run, as its coordinator needs them.</summary>
internal interface IRunCheckpoints
{
    /// <summary>Takes note of a part.</summary>
    /// <returns>The manifest, where it was the last part.</returns>
    CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part);

    /// <summary>Takes note that a part cannot be kept, so that the whole will never be.</summary>
    /// <returns>Whether that is news.</returns>
    bool Lose(CheckpointId id);

    /// <summary>Whether a part of it could not be kept: whatever comes of it later is of no use.</summary>
    bool IsLost(CheckpointId id);

    /// <summary>Removes, on every silo, what there is of a checkpoint that is lost.</summary>
    /// <returns>What could not be removed, a sentence each.</returns>
    Task<IReadOnlyList<string>> Discard(CheckpointId id);

    /// <summary>Removes what generations before this one left of checkpoints that were never complete.</summary>
    /// <returns>What could not be removed, a sentence each.</returns>
    /// <exception cref="CheckpointException">Nothing can be read.</exception>
    Task<IReadOnlyList<string>> RemoveUnfinished(int generation);

    /// <param name="measured">In the run, up to the checkpoint.</param>
    /// <returns>What could not be removed of older ones, a sentence each.</returns>
    /// <exception cref="CheckpointException">It was not made; older ones are as they were.</exception>
    Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured);

    /// <summary>The newest whole checkpoint of a run, and why newer ones were passed over.</summary>
    Task<CheckpointSearch> Latest(RunStatus run);
}
