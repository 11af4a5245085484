using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Contracts.Checkpoints;

/// <summary>
/// What one silo keeps of runs' checkpoints in a folder that no other silo sees: the files of its own stages, and copies of a neighbour's.
/// Key: the silo's address. Every call may be repeated.
/// </summary>
[Alias("ff.checkpoint-holder")]
internal interface ICheckpointHolder : IGrainWithStringKey
{
    /// <summary>Takes a copy of a file from another silo; once this answers, it is on this silo's disk, and its SHA-256 is right.</summary>
    /// <exception cref="CheckpointException">It could not be read there or written here, or did not arrive as it was written.</exception>
    [ResponseTimeout("00:10:00")]
    Task Fetch(string run, CheckpointId id, CheckpointFile file, SiloAddress from);

    /// <summary>A piece of a file that is kept here; whoever copies it verifies the whole.</summary>
    /// <param name="bytes">Far below the most that a message may have.</param>
    /// <exception cref="CheckpointException">The file is missing or cannot be read.</exception>
    Task<byte[]> Read(string run, CheckpointId id, string file, long offset, int bytes);

    /// <summary>Writes the manifest beside the files that are kept here; none of those may be missing.</summary>
    /// <param name="files">Names of those that are to be here.</param>
    /// <exception cref="CheckpointException">One is not, or the file system refused.</exception>
    Task Commit(CheckpointManifest manifest, IReadOnlyList<string> files);

    /// <summary>The manifests that are here, without their journals, which may be long.</summary>
    /// <param name="spec">JSON of the resolved spec, as SpecReader.Write gives it.</param>
    /// <exception cref="CheckpointException">The folder cannot be read.</exception>
    Task<CheckpointListing> Listing(string run, string spec, string fingerprint);

    /// <summary>A manifest with its journal.</summary>
    /// <returns>Null where it is not here, or cannot be used.</returns>
    Task<CheckpointManifest?> Manifest(string run, CheckpointId id, string spec, string fingerprint);

    /// <summary>Which files of a checkpoint are here, and whether they are whole; reads all of them.</summary>
    [ResponseTimeout("00:10:00")]
    Task<HeldFiles> Held(CheckpointManifest manifest);

    /// <summary>Removes what is here of the checkpoints before one.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    Task<IReadOnlyList<string>> RemoveOlderThan(string run, CheckpointId kept);

    /// <summary>
    /// Removes what is here of checkpoints that were never complete, of an older generation than the given one or of an earlier slot of its
    /// own.
    /// </summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    Task<IReadOnlyList<string>> RemoveUnfinished(string run, CheckpointId before);

    /// <summary>Removes what is here of a checkpoint that will never be complete.</summary>
    /// <returns>What could not be removed and why, a sentence each.</returns>
    Task<IReadOnlyList<string>> Discard(string run, CheckpointId id);
}
