using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>The matrix products of a step of a network.</summary>
/// <param name="Layers">Weights of a unit, and units, of each layer.</param>
/// <param name="BatchSize">Images of a batch.</param>
/// <param name="Precision">Resolved.</param>
internal sealed record StepProducts(IReadOnlyList<(int Inputs, int Units)> Layers, int BatchSize, Precision Precision);
