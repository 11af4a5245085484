using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>A run's checkpoints as its stages and its coordinator use them, wherever the files are.</summary>
internal interface ICheckpoints
{
    /// <summary>Writes a stage's part; once this completes, the loss of one silo loses nothing of it.</summary>
    /// <exception cref="CheckpointException">It is not kept as it has to be.</exception>
    Task<CheckpointFile> Write(
        CheckpointId id,
        string name,
        IReadOnlyList<StateTensor> snapshot,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellation
    );

    /// <summary>Reads a stage's part of what <see cref="Latest"/> found, on the caller's thread.</summary>
    /// <exception cref="CheckpointException">It is not as it was written.</exception>
    IReadOnlyList<StateTensor> Read(CheckpointId id, CheckpointFile file, CancellationToken cancellation);

    /// <summary>Reads a piece of a file of what <see cref="Latest"/> found, for who makes a copy of it, and verifies the whole.</summary>
    /// <exception cref="CheckpointException">The file is missing, or cannot be read.</exception>
    Task<byte[]> ReadPiece(CheckpointId id, CheckpointFile file, long offset, int bytes);

    /// <summary>
    /// Makes a checkpoint of parts that were all written, then removes those that are older than the last two whole ones.
    /// </summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    /// <exception cref="CheckpointException">It was not made; older ones are as they were.</exception>
    Task<IReadOnlyList<string>> Commit(CheckpointManifest manifest);

    /// <summary>Removes, on every silo, what there is of a checkpoint that will never be complete.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    Task<IReadOnlyList<string>> Discard(CheckpointId id);

    /// <summary>Removes what earlier attempts left of checkpoints that were never complete.</summary>
    /// <param name="generation">The first whose parts are still of use.</param>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    /// <exception cref="CheckpointException">Nothing can be read.</exception>
    Task<IReadOnlyList<string>> RemoveUnfinished(int generation);

    /// <summary>Finds the newest checkpoint of which every byte is as it was written.</summary>
    /// <param name="spec">JSON of the resolved spec, as SpecReader.Write gives it.</param>
    /// <exception cref="CheckpointException">Nothing can be read.</exception>
    Task<CheckpointSearch> Latest(string spec, string fingerprint);
}
