using System.Text.Json.Serialization;
using ForwardForward.Learning.Predictions;

namespace ForwardForward.Console.Predictions;

/// <summary>What a network says of one image.</summary>
/// <param name="Probabilities">Of every class.</param>
internal sealed record Prediction(string Image, int Class, float[] Probabilities)
{
    private const int Shown = 3;

    /// <summary>Of the class; null where classes have no names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClassName { get; init; }

    /// <param name="images">Their names.</param>
    /// <param name="probabilities">Row-major images x classes.</param>
    /// <param name="names">Of the classes; null: they have none.</param>
    public static IReadOnlyList<Prediction> Each(IReadOnlyList<string> images, float[] probabilities, IReadOnlyList<string>? names)
    {
        var classes = probabilities.Length / images.Count;
        return [.. images.Select((image, i) => Of(image, probabilities[(i * classes)..((i + 1) * classes)], names))];
    }

    [JsonIgnore]
    public IEnumerable<(int Class, float Probability)> Likely =>
        Probabilities.Select((p, c) => (c, p)).OrderByDescending(one => one.p).ThenBy(one => one.c).Take(Shown);

    private static Prediction Of(string image, float[] probabilities, IReadOnlyList<string>? names)
    {
        var best = Array.IndexOf(probabilities, probabilities.Max());
        return new Prediction(image, best, probabilities) { ClassName = names?[best] };
    }
}

/// <summary>What a run says of images.</summary>
/// <param name="Slot">The last slot that the network had learned from.</param>
/// <param name="Live">Whether it trains meanwhile; if not, a checkpoint has answered.</param>
/// <param name="Test">By which it has answered.</param>
/// <param name="Refused">Images that could not be used.</param>
internal sealed record RunPrediction(
    string Run,
    long Slot,
    bool Live,
    PredictionTest Test,
    IReadOnlyList<Prediction> Predictions,
    IReadOnlyList<RefusedImage> Refused
);

/// <param name="Reason">One sentence.</param>
internal sealed record RefusedImage(string Image, string Reason);
