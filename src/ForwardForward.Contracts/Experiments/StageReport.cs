using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Contracts.Experiments;

/// <summary>One thing that a stage tells its coordinator; what is null is not told of.</summary>
[GenerateSerializer, Immutable, Alias("ff.stage-report")]
internal sealed record StageReport
{
    /// <summary>That a slot was handled: told now and then, however few slots there are.</summary>
    public static StageReport Works { get; } = new();

    [Id(0)]
    public LayerMeasurement? Measured { get; init; }

    /// <summary>Slots that waited for the layer when it measured.</summary>
    [Id(1)]
    public int InboxDepth { get; init; }

    [Id(2)]
    public Evaluation? Evaluated { get; init; }

    /// <summary>A slot that has come out at the top.</summary>
    [Id(3)]
    public long? Through { get; init; }

    /// <summary>The slot of a checkpoint that the stage has its part of on the disk, or could not write.</summary>
    [Id(4)]
    public long? CheckpointSlot { get; init; }

    /// <summary>The part; null where it could not be written.</summary>
    [Id(5)]
    public CheckpointFile? Saved { get; init; }

    /// <summary>Why not, in one sentence.</summary>
    [Id(6)]
    public string? NotSaved { get; init; }

    [Id(7)]
    public Prequential? Streamed { get; init; }
}
