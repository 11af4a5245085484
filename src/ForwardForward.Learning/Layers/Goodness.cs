using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// The logistic of a layer's goodness g = sum_j y_j^2, y being the activity before normalization:
/// p(positive) = sigmoid((g - threshold) / temperature), threshold = units of the layer (Hinton 2022, section 2, and his code).
/// </summary>
public sealed class Goodness(GoodnessSpec spec, int units)
{
    private readonly double _threshold = spec.ThresholdPerUnit * units;

    /// <summary>
    /// What the activity of a row is multiplied with to get the gradient of the log likelihood by the layer's input
    /// z: 1 - p for a positive row, -p for a negative one. The factor 2 / temperature of the derivative is absorbed in the learning rate.
    /// </summary>
    public float Pull(float goodness, bool positive) =>
        (float)(positive ? Sigmoid(-Logit(goodness)) : -Sigmoid(Logit(goodness)));

    /// <summary>-log p of the right answer, in nats.</summary>
    public double Loss(float goodness, bool positive) => Softplus(positive ? -Logit(goodness) : Logit(goodness));

    private double Logit(float goodness) => (goodness - _threshold) / spec.Temperature;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
