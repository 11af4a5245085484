using ForwardForward.Learning.Predictions;

namespace ForwardForward.Contracts.Experiments;

/// <summary>What a run's network says of images.</summary>
/// <param name="Slot">The last slot that it had learned from.</param>
/// <param name="IsLive">Whether the images went through the network while it trains; if not, the newest checkpoint answers.</param>
/// <param name="Probabilities">Row-major images x classes.</param>
/// <param name="Test">
/// By which it answers. Images that ride through a network which trains pass it once, with the neutral label: the fast test.
/// </param>
[GenerateSerializer, Immutable, Alias("ff.run-answer")]
public sealed record PredictionResult(
    [property: Id(0)] long Slot,
    [property: Id(1)] bool IsLive,
    [property: Id(2)] float[] Probabilities,
    [property: Id(3)] PredictionTest Test = PredictionTest.Fast
)
{
    /// <summary>
    /// Goodness of each image with each label in every layer, from the bottom up: images x layers x classes; null where nobody asks for it,
    /// no layer can tell, or the silo is of a version that does not know of it.
    /// </summary>
    [Id(4)]
    public float[]? Goodness { get; init; }

    /// <summary>As <see cref="Goodness"/> with the neutral label: images x layers; empty where pictures have no labels in them.</summary>
    [Id(5)]
    public float[]? NeutralGoodness { get; init; }
}

/// <summary>More is asked than is answered; the message is one sentence.</summary>
[GenerateSerializer, Alias("ff.busy")]
public sealed class BusyException(string message) : Exception(message);
