using System.Text.Json.Serialization;

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
);
