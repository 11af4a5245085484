using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The checkpoints of one run, as its coordinator needs them.</summary>
internal interface IRunCheckpoints
{
    /// <summary>Takes note of a part.</summary>
    /// <returns>The manifest, where it was the last part.</returns>
    CheckpointManifest? Add(RunStatus run, long slot, CheckpointFile part);

    /// <param name="measured">In the run, up to the checkpoint.</param>
    /// <returns>What could not be removed of older ones, a sentence each.</returns>
    /// <exception cref="CheckpointException">It was not made; older ones are as they were.</exception>
    Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest, IReadOnlyList<RunEvent> measured);

    /// <summary>The newest whole checkpoint of a run, and why newer ones were passed over.</summary>
    Task<CheckpointSearch> Latest(RunStatus run);
}
