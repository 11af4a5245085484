using ForwardForward.Learning.Recipes;

namespace ForwardForward;

/// <summary>What came of one pass over the training rows.</summary>
/// <param name="Number">From 1.</param>
/// <param name="TestError">Share of the test rows that the network answers wrongly; null where there are none to test on.</param>
/// <param name="TestErrorByGoodness">
/// Of the test that tries every label and takes the one of most goodness; null where it was not made: see <see
/// cref="FFNetworkOptions.GoodnessTestEvery"/>.
/// </param>
/// <param name="Layers">What each layer measured last in this epoch, from the bottom up: mean goodness of positive and negative rows,
/// loss.</param>
/// <param name="Seconds">How long it took, with its tests.</param>
public sealed record FFEpoch(
    int Number,
    double? TestError,
    double? TestErrorByGoodness,
    IReadOnlyList<LayerMeasurement> Layers,
    double Seconds
);
