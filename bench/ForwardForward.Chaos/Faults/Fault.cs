namespace ForwardForward.Chaos.Faults;

/// <summary>What can be done to a cluster.</summary>
public enum FaultKind
{
    /// <summary>A silo ends at once; another of the same name takes its place.</summary>
    SigKill,

    /// <summary>A silo is held with its sockets open, and goes on later as if nothing had been.</summary>
    SigStop,

    /// <summary>What a silo sends and what is sent to it vanishes for a while; its sockets stay open.</summary>
    Cut,

    /// <summary>A silo is asked to end; another of the same name takes its place.</summary>
    SigTerm,

    /// <summary>Redis ends at once, and starts again with its append-only file.</summary>
    Redis,

    /// <summary>A console that watches the run ends at once.</summary>
    Watcher,

    /// <summary>Every silo and Redis end at once, and start again.</summary>
    All,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Silo">The victim, from 0; without meaning where no single silo is meant.</param>
/// <param name="Delay">Time before it.</param>
/// <param name="IsHasty">
/// Whether the delay counts from the last fault, however the run stands, rather than from the first slot after it.
/// </param>
/// <param name="Lasts">Time until the process is started again, goes on or is reached again.</param>
/// <param name="MovesPorts">Whether the process that takes the place listens on other ports.</param>
public sealed record Fault(int Number, FaultKind Kind, int Silo, TimeSpan Delay, bool IsHasty, TimeSpan Lasts, bool MovesPorts)
{
    public bool HitsOneSilo => Kind is FaultKind.SigKill or FaultKind.SigStop or FaultKind.Cut or FaultKind.SigTerm;
}
