using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Images that somebody asks a training network about. Their rows ride with a slot, pass every layer as it is before that slot, and change
/// nothing: a slot has the same bits with a question as without.
/// </summary>
/// <param name="Id">Tells the answer's question from others.</param>
/// <param name="Rows">
/// Normalized activity of the images with the neutral label, N x units; behind them, where <see cref="TriedLabels"/> are asked for, of each
/// image with every label.
/// </param>
internal sealed record PredictionRequest(long Id, Activations Rows)
{
    /// <summary>Most images of one; a slot has at least as many rows.</summary>
    public const int MaxImages = 256;

    /// <summary>Most images of one that is about what each layer finds.</summary>
    public static int MaxTried(int classes) => SlotPlan.LeastRows / (1 + classes);

    private const int MaxBytes = 8 << 20; // of the images on their way to the network

    /// <summary>Most images of so many pixels that are asked about together.</summary>
    public static int MaxOf(int pixels) => Math.Clamp(MaxBytes / pixels, 1, MaxImages);
}

/// <summary>What the network says of the images of a question.</summary>
/// <param name="Id">Of the question.</param>
/// <param name="Slot">The last slot that the network had learned from.</param>
/// <param name="Probabilities">Row-major images x classes.</param>
internal sealed record PredictionResponse(long Id, long Slot, float[] Probabilities)
{
    /// <summary>What each layer finds of them; null where nobody asks for it, or no layer can tell.</summary>
    public LayerGoodness? Layers { get; init; }
}
