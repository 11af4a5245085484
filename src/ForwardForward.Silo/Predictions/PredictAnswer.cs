using System.Text.Json.Serialization;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Silo.Predictions;

/// <summary>What a run's network takes a picture for, as it is told by HTTP.</summary>
/// <param name="Slot">The last slot that the network had learned from.</param>
/// <param name="Live">Whether it trains meanwhile; if not, a checkpoint has answered.</param>
/// <param name="Test">By which it has answered.</param>
/// <param name="Class">The likeliest.</param>
/// <param name="ClassName">Of the class; null, and left out, where classes have no names.</param>
/// <param name="Probabilities">Of every class.</param>
/// <param name="Shown">The picture as the network saw it, as a URI; null, and left out, where nobody has asked.</param>
internal sealed record PredictAnswer(
    string Run,
    long Slot,
    bool Live,
    string Test,
    int Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClassName,
    float[] Probabilities,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Shown
)
{
    /// <summary>
    /// What each layer finds by its own goodness, from the bottom up as far as the readout looks; null, and left out, where nobody has
    /// asked, or layers of this kind of run tell no class.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LayerFinding>? Layers { get; init; }
}

/// <summary>What a layer finds of a picture.</summary>
/// <param name="Layer">From 1.</param>
/// <param name="Class">That has the greatest goodness: the layer's own answer.</param>
/// <param name="ClassName">Of the class; null, and left out, where classes have no names.</param>
/// <param name="Goodness">Of the picture with each label, or of each class where pictures have no labels in them.</param>
/// <param name="Neutral">Goodness of the picture with the neutral label; null, and left out, where there is none.</param>
internal sealed record LayerFinding(
    int Layer,
    int Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClassName,
    float[] Goodness,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Neutral
)
{
    /// <param name="answer">About one picture.</param>
    /// <param name="names">Of the classes; null where they have none.</param>
    /// <returns>Null where the answer says nothing of layers.</returns>
    public static IReadOnlyList<LayerFinding>? Of(PredictionResult answer, IReadOnlyList<string>? names) =>
        answer.Goodness is { } goodness
            ?
            [
                .. goodness
                    .Chunk(answer.Probabilities.Length)
                    .Select(
                        (found, layer) =>
                        {
                            var best = Array.IndexOf(found, found.Max());
                            float? neutral = answer.NeutralGoodness is { Length: > 0 } all ? all[layer] : null;
                            return new LayerFinding(layer + 1, best, names?[best], found, neutral);
                        }
                    ),
            ]
            : null;
}
