using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions;

/// <summary>What came of images that somebody asked about.</summary>
/// <param name="Predictions">Null where none of them could be used.</param>
/// <param name="Shown">Those that the network was shown.</param>
/// <param name="Spec">Of the network.</param>
internal sealed record AnsweredImages(RunPrediction? Predictions, IReadOnlyList<AskedImage> Shown, ExperimentSpec Spec);
