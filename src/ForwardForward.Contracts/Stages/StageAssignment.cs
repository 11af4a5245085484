using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Contracts.Stages;

/// <summary>Sizes of a data set, which fix the slot plan and the width of the first layer.</summary>
/// <param name="Pixels">Pixels of one picture.</param>
/// <param name="Sha256">Of the images and labels; empty in records of earlier versions.</param>
[GenerateSerializer, Immutable, Alias("ff.data-shape")]
public sealed record DataShape(
    [property: Id(0)] int TrainImages,
    [property: Id(1)] int TestImages,
    [property: Id(2)] int Pixels,
    [property: Id(3)] int Classes,
    [property: Id(5)] string Sha256 = ""
)
{
    /// <summary>How figures lie in its pictures, as measured; null: nobody has looked.</summary>
    [Id(4)]
    public FigurePlacement? Figures { get; init; }

    /// <summary>Test error of naming the most frequent class every time; null in records of earlier versions.</summary>
    [Id(6)]
    public double? ErrorAtChance { get; init; }

    /// <summary>Rows of a picture; 0 in records of earlier versions.</summary>
    [Id(7)]
    public int Height { get; init; }

    /// <summary>Pixels of a row; 0 in records of earlier versions.</summary>
    [Id(8)]
    public int Width { get; init; }

    /// <summary>Numbers of a pixel.</summary>
    [Id(9)]
    public int Channels { get; init; } = 1;

    /// <summary>Of the classes, as a spec has them; empty: they have none.</summary>
    [Id(10)]
    public string ClassNames { get; init; } = "";
}

/// <summary>What a stage needs to take its place in a run.</summary>
/// <param name="Spec">Resolved.</param>
/// <param name="From">The checkpoint to go on from; null: from the first slot.</param>
[GenerateSerializer, Immutable, Alias("ff.assignment")]
internal sealed record StageAssignment(
    [property: Id(0)] string Run,
    [property: Id(1)] int Generation,
    [property: Id(2)] ExperimentSpec Spec,
    [property: Id(3)] DataShape Data,
    [property: Id(4)] CheckpointManifest? From = null
)
{
    /// <summary>What was taught so far; for the source.</summary>
    [Id(5)]
    public IReadOnlyList<Lesson> Lessons { get; init; } = [];

    /// <summary>The slot that is handled first.</summary>
    public long FirstSlot => From is null ? 0 : From.Slot + 1;
}
