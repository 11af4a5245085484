namespace ForwardForward.Learning.Checkpoints;

/// <summary>The checkpoints of which a folder holds something.</summary>
/// <param name="Manifests">Of this spec and these kernels, newest first; whether their files are whole has not been looked at.</param>
/// <param name="Skipped">The others, newest first.</param>
internal sealed record CheckpointListing(IReadOnlyList<CheckpointManifest> Manifests, IReadOnlyList<SkippedCheckpoint> Skipped);

/// <param name="Reason">One sentence.</param>
internal sealed record DamagedFile(string Name, string Reason);

/// <summary>The files of one checkpoint that a folder holds.</summary>
/// <param name="Whole">Names of those of which every byte is as it was written.</param>
/// <param name="Damaged">Those that are not.</param>
internal sealed record HeldFiles(IReadOnlyList<string> Whole, IReadOnlyList<DamagedFile> Damaged);
