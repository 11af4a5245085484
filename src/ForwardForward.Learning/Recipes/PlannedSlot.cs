using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Recipes;

/// <summary>What one slot consists of. Batches are numbered through all epochs; -1 means none.</summary>
internal readonly record struct PlannedSlot(
    long Index,
    SlotKind Kind,
    int Epoch,
    long NeutralBatch,
    long LearnedBatch,
    int FirstImage,
    int FastImages,
    int GoodnessImages,
    bool EndsEvaluation
)
{
    /// <summary>The groups of its rows.</summary>
    public RowLayout Layout { get; init; }

    /// <summary>0 for the rise, the one pass from below; then, in top-down runs, the iterations with signals from above.</summary>
    public int Iteration { get; init; }

    /// <summary>The slot of the same rows' next iteration; -1: there is none.</summary>
    public long Following { get; init; } = -1;

    /// <summary>Number of the update that the layers make from it, counted from 1; 0 where there is nothing to learn from.</summary>
    public long Update { get; init; }

    /// <summary>The first of the slots that take turns with it; itself where none do.</summary>
    public long GroupFirst { get; init; } = Index;

    /// <summary>Whether no iteration is under way after it.</summary>
    public bool EndsGroup { get; init; } = true;
}
