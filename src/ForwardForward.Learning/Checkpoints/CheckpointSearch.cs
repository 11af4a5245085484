namespace ForwardForward.Learning.Checkpoints;

internal enum SkipCause
{
    /// <summary>It has no manifest: its writers were stopped, or are still at work.</summary>
    Unfinished,

    /// <summary>Some of its bytes are not those that were written, or cannot be read.</summary>
    Damaged,

    /// <summary>It is whole, but of another spec, other kernels, or another format.</summary>
    Foreign,

    /// <summary>Files of it are kept only where nobody answers now; it is whole again once who keeps them is back.</summary>
    Missing,
}

/// <param name="Reason">One sentence.</param>
internal sealed record SkippedCheckpoint(CheckpointId Id, SkipCause Cause, string Reason)
{
    /// <summary>Who keeps what is missing and does not answer, by the names in the manifest; null where nothing is missing.</summary>
    public IReadOnlyList<string>? Awaited { get; init; }
}

/// <param name="Latest">The newest one that can be used; null where there is none.</param>
/// <param name="Skipped">Those that are newer, newest first.</param>
internal sealed record CheckpointSearch(CheckpointManifest? Latest, IReadOnlyList<SkippedCheckpoint> Skipped)
{
    /// <summary>Those whose return would make a newer checkpoint whole again.</summary>
    public IReadOnlyList<string> Awaited => [.. Skipped.SelectMany(skipped => skipped.Awaited ?? []).Distinct()];

    /// <summary>What is wrong with the newest one that was ever whole, else with the newest; null where there is none.</summary>
    public string? WhyNone => Skipped.OrderBy(skipped => skipped.Cause == SkipCause.Unfinished).FirstOrDefault()?.Reason;

    /// <summary>Whether those that answered are perhaps not all who keep checkpoints of the run.</summary>
    public bool MayBeIncomplete { get; init; }

    /// <summary>
    /// Whether a newer checkpoint than the one found was committed: going on from here does again what is kept somewhere, or was lost.
    /// </summary>
    /// <param name="committedSlot">Of the last checkpoint that was committed; null where none was.</param>
    public bool IsBehind(long? committedSlot) => committedSlot > (Latest?.Slot ?? -1);

    /// <summary>Whether who does not answer now may still keep what this search lacks.</summary>
    /// <param name="committedSlot">Of the last checkpoint that was committed; null where none was.</param>
    public bool IsWorthAWait(long? committedSlot) =>
        MayBeIncomplete && IsBehind(committedSlot) && (Awaited.Count > 0 || Skipped.All(skipped => skipped.Id.Slot != committedSlot));
}
