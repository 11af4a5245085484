using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Runtime.Experiments;

/// <summary>What outlives a coordinator: never weights, only what a client asks for.</summary>
[GenerateSerializer, Alias("ff.run-record")]
public sealed class RunRecord
{
    /// <summary>Name of the grain storage that keeps it.</summary>
    public const string Storage = "forwardforward";

    /// <summary>The activation that wrote it; a coordinator that finds another's is no longer the run's.</summary>
    [Id(0)]
    public Guid Owner { get; set; }

    /// <summary>The silo that the activation was on, for a person.</summary>
    [Id(3)]
    public string OwnerSilo { get; set; } = "";

    /// <summary>
    /// Of the coordinator that wrote it: one of a smaller number would misunderstand it, and what else there is of the run.
    /// </summary>
    [Id(4)]
    public int Contract { get; set; }

    /// <summary>Version of the coordinator's program, for a person.</summary>
    [Id(5)]
    public string Version { get; set; } = "";

    /// <summary>Null where no run of this name was started.</summary>
    [Id(1)]
    public RunStatus? Status { get; set; }

    [Id(2)]
    public IReadOnlyList<RunEvent> Events { get; set; } = [];

    /// <summary>What was taught, in the order in which it was taken.</summary>
    [Id(6)]
    public IReadOnlyList<Lesson> Lessons { get; set; } = [];
}
