namespace ForwardForward.Learning.Checkpoints;

public enum SkipCause
{
    /// <summary>It has no manifest: its writers were stopped, or are still at work.</summary>
    Unfinished,

    /// <summary>Some of its bytes are not those that were written, or cannot be read.</summary>
    Damaged,

    /// <summary>It is whole, but of another spec, other kernels, or another format.</summary>
    Foreign,
}

/// <param name="Reason">One sentence.</param>
public sealed record SkippedCheckpoint(CheckpointId Id, SkipCause Cause, string Reason);

/// <param name="Latest">The newest one that can be used; null where there is none.</param>
/// <param name="Skipped">Those that are newer, newest first.</param>
public sealed record CheckpointSearch(CheckpointManifest? Latest, IReadOnlyList<SkippedCheckpoint> Skipped);
