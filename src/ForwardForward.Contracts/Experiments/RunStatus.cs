using System.Text.Json.Serialization;
using ForwardForward.Contracts.Stages;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Contracts.Experiments;

public enum RunState
{
    Queued,
    Running,
    Paused,
    Recovering,
    Done,
    Failed,
}

/// <summary>Where a layer lives.</summary>
/// <param name="Layer">From 1.</param>
/// <param name="Silo">The silo's name.</param>
/// <param name="Endpoint">The address that other silos reach it by.</param>
[GenerateSerializer, Immutable, Alias("ff.layer-place")]
public sealed record LayerPlace([property: Id(0)] int Layer, [property: Id(1)] string Silo, [property: Id(2)] string Endpoint)
{
    /// <summary>Of the silo's program; null in records of earlier versions.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }
}

/// <summary>Which versions of the program computed a stage.</summary>
/// <param name="Stage">"layer 1", "layer 2.1" (one of its parts), "readout".</param>
/// <param name="Versions">In the order in which they first took part.</param>
[GenerateSerializer, Immutable, Alias("ff.stage-versions")]
public sealed record StageVersions([property: Id(0)] string Stage, [property: Id(1)] IReadOnlyList<string> Versions)
{
    /// <summary>Of each stage what either list has.</summary>
    public static IReadOnlyList<StageVersions> Union(IReadOnlyList<StageVersions> earlier, IReadOnlyList<StageVersions> later) =>
        [
            .. earlier
                .Concat(later)
                .GroupBy(stage => stage.Stage)
                .Select(stage => new StageVersions(stage.Key, [.. stage.SelectMany(one => one.Versions).Distinct()])),
        ];
}

/// <summary>What kernels computed a stage.</summary>
/// <param name="Stage">"layer 1", "layer 2.1" (one of its parts), "readout".</param>
/// <param name="Kernels">Their fingerprints, in the order in which they first took part.</param>
[GenerateSerializer, Immutable, Alias("ff.stage-kernels")]
public sealed record StageKernels([property: Id(0)] string Stage, [property: Id(1)] IReadOnlyList<string> Kernels)
{
    /// <summary>Of each stage what either list has.</summary>
    public static IReadOnlyList<StageKernels> Union(IReadOnlyList<StageKernels> earlier, IReadOnlyList<StageKernels> later) =>
        [
            .. earlier
                .Concat(later)
                .GroupBy(stage => stage.Stage)
                .Select(stage => new StageKernels(stage.Key, [.. stage.SelectMany(one => one.Kernels).Distinct()])),
        ];
}

/// <summary>A run as its coordinator sees it.</summary>
[GenerateSerializer, Immutable, Alias("ff.run-status")]
public sealed record RunStatus
{
    [Id(0)]
    public required string Run { get; init; }

    [Id(1)]
    public required RunState State { get; init; }

    /// <summary>Resolved once the run is running.</summary>
    [Id(2)]
    public required ExperimentSpec Spec { get; init; }

    /// <summary>Slots that have gone through the whole pipeline.</summary>
    [Id(3)]
    public long Slot { get; init; }

    /// <summary>Slots of the whole run.</summary>
    [Id(4)]
    public long Slots { get; init; }

    /// <summary>From 1; 0 before the first slot is through.</summary>
    [Id(5)]
    public int Epoch { get; init; }

    [Id(6)]
    public int Generation { get; init; }

    [Id(7)]
    public int Recoveries { get; init; }

    [Id(8)]
    public IReadOnlyList<LayerPlace> Plan { get; init; } = [];

    [Id(9)]
    public string Fingerprint { get; init; } = "";

    /// <summary>Seconds from the first slot to now, or to the end, without pauses.</summary>
    [Id(10)]
    public double Seconds { get; init; }

    /// <summary>Why the run failed, or is paused though nobody asked for it, in one sentence.</summary>
    [Id(11)]
    public string? Error { get; init; }

    /// <summary>Of a run that is done.</summary>
    [Id(12)]
    public string? StateHash { get; init; }

    [Id(13)]
    public Evaluation? LastEvaluation { get; init; }

    [Id(14)]
    public DataShape? Data { get; init; }

    /// <summary>Null where the spec came from a file.</summary>
    [Id(15)]
    public string? Preset { get; init; }

    [Id(16)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Why the layers are where they are, in one sentence.</summary>
    [Id(17)]
    public string PlanReason { get; init; } = "";

    /// <summary>
    /// What the cores of the run's silos were measured at on the run's products before its first slot, in floating-point operations per
    /// second; 0 where they were not, <see cref="double.NaN"/> where they were busy.
    /// </summary>
    [Id(18)]
    public double MatrixRate { get; init; }

    /// <summary>Null before the first checkpoint.</summary>
    [Id(19)]
    public long? LastCheckpointSlot { get; init; }

    /// <summary>The slot that the present generation began with.</summary>
    [Id(20)]
    public long FirstSlot { get; init; }

    /// <summary>Slots that were done again after losses, all together.</summary>
    [Id(21)]
    public long RedoneSlots { get; init; }

    /// <summary>Most slots that were done again after one loss.</summary>
    [Id(22)]
    public long MostRedoneSlots { get; init; }

    /// <summary>Share of the learned rows that had a pull so far, of every layer that has measured.</summary>
    [Id(23)]
    public IReadOnlyList<double> Pulling { get; init; } = [];

    /// <summary>What befell the run, the oldest first; of very many the newest <see cref="Experiments.Incidents.MaxCount"/>.</summary>
    [Id(24)]
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>Whether the run waits for somebody to see to it: it is paused, and nobody has asked for that.</summary>
    public bool IsStuck => State is RunState.Paused && Error is not null;

    /// <summary>Checkpoints that could not be kept, all together.</summary>
    [Id(30)]
    public int MissedCheckpoints { get; init; }

    /// <summary>
    /// Why there is no checkpoint since <see cref="LastCheckpointSlot"/> although one was due, in one sentence; null where the last that
    /// was due is kept.
    /// </summary>
    [Id(31)]
    public string? WithoutNet { get; init; }

    /// <summary>Of a run that is not exact (<see cref="ExperimentSpec.Exact"/>); of others the fingerprint tells all.</summary>
    [Id(32)]
    public IReadOnlyList<StageKernels> Kernels { get; init; } = [];

    /// <summary>Of every stage; empty in records of earlier versions.</summary>
    [Id(33)]
    public IReadOnlyList<StageVersions> Versions { get; init; } = [];

    /// <summary>Pictures that were taught while it trained.</summary>
    [Id(34)]
    public int Lessons { get; init; }

    /// <summary>Of a run that learns from a stream, once a thousand examples are through.</summary>
    [Id(35)]
    public Prequential? Prequential { get; init; }

    /// <summary>Examples of the whole stream, once it has ended.</summary>
    [Id(36)]
    public long? Streamed { get; init; }

    public bool IsOver => State is RunState.Done or RunState.Failed;
}
