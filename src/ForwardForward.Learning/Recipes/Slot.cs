using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>What a slot asks of every stage it passes. Values travel between silos: never renumber.</summary>
internal enum SlotKind : byte
{
    /// <summary>A mini-batch to learn from.</summary>
    Train = 1,

    /// <summary>Test images; nothing is learned.</summary>
    Evaluate = 2,

    /// <summary>The last slot: every stage hands in its state's digest.</summary>
    End = 3,
}

/// <summary>
/// One numbered piece of a run's work, on its way up the pipeline. Never changed once it is sent. What else goes from stage to stage is of
/// a type of its own (namespace <c>Messages</c>) and travels in the same envelope.
/// </summary>
internal sealed record Slot
{
    /// <summary>Its number in the run; for a message in a slot's envelope what that message says.</summary>
    public required long Index { get; init; }

    public required SlotKind Kind { get; init; }

    /// <summary>Epoch, from 0, whose learning rate applies.</summary>
    public required int Epoch { get; init; }

    /// <summary>Number of the update that the layers make from this slot, counted from 1; 0 where it has no rows to learn from.</summary>
    public long Update { get; init; }

    /// <summary>Whether this slot completes an evaluation.</summary>
    public bool EndsEvaluation { get; init; }

    /// <summary>Whether every stage keeps its state after this slot.</summary>
    public bool IsCheckpoint { get; init; }

    public RowLayout Layout { get; init; }

    /// <summary>Whether the readout reads the positive rows, which tell it no class: there are no labels in the pictures.</summary>
    public bool ReadsPositive { get; init; }

    /// <summary>The rows that the readout reads.</summary>
    public (int First, int Count) Read => ReadsPositive ? (0, Layout.Positive) : (Layout.FirstNeutral, Layout.Neutral);

    /// <summary>True classes: of the rows that the readout reads, then of the images behind the candidate rows.</summary>
    public byte[] Labels { get; init; } = [];

    /// <summary>
    /// Class that every row of <see cref="Layout"/> has above the top layer, in an iteration of a top-down run; empty otherwise.
    /// </summary>
    public byte[] Clamped { get; init; } = [];

    /// <summary>
    /// Normalized activity of all rows of <see cref="Layout"/>, or of those that it reads alone on the way to the readout; null where there
    /// are none. One row stands for several, side by side or one group after the other, where a picture has been given its labels only now.
    /// </summary>
    public Activations? Rows { get; init; }

    /// <summary>
    /// Goodness of the candidate rows, summed over the layers that count so far; on the way to the readout of a top-down run, of the one
    /// layer.
    /// </summary>
    public float[] CandidateGoodness { get; init; } = [];

    /// <summary>
    /// How many of the test images of this slot each layer takes for another class by its own goodness, from the bottom up as far as the
    /// slot has come; empty where it has no images that a layer alone can tell.
    /// </summary>
    public int[] OwnErrors { get; init; } = [];

    /// <summary>What rides with the slot; null where nobody asks.</summary>
    public PredictionRequest? Question { get; init; }

    /// <summary>What layers find of the question's images with each label; null where nobody asks for it.</summary>
    public TriedLabels? Tried { get; init; }

    /// <summary>One slot of those that the parts of a layer sent; what they held is the new one's.</summary>
    /// <param name="parts">In the order of the layer's parts.</param>
    /// <param name="areReplicas">Whether they have rows of their own; otherwise units, that are put side by side.</param>
    public static Slot Joined(IReadOnlyList<Slot> parts, bool areReplicas)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        if (areReplicas)
        {
            return SlotParts.Joined(parts);
        }

        var joined = parts[0] with
        {
            Rows = parts[0].Rows is null ? null : Activations.Joined([.. parts.Select(part => part.Rows!)]),
            Question = parts[0].Question is { } question
                ? question with
                {
                    Rows = Activations.Joined([.. parts.Select(part => part.Question!.Rows)]),
                }
                : null,
        };
        foreach (var part in parts)
        {
            part.Release();
        }

        return joined;
    }

    /// <summary>The same slot for one more receiver.</summary>
    public Slot Shared() =>
        this with
        {
            Rows = Rows?.Share(0, Rows.Rows),
            Question = Question is { } question ? question with { Rows = question.Rows.Share(0, question.Rows.Rows) } : null,
        };

    /// <summary>Gives the memory of all its rows back.</summary>
    public void Release()
    {
        Rows?.Dispose();
        Question?.Rows.Dispose();
    }
}
