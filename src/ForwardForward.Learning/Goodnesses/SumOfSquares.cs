using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// g = sum_j y_j^2, p(positive) = sigmoid((g - threshold) / temperature), threshold = units of the layer (Hinton 2022, section 2, and his
/// code).
/// </summary>
internal sealed class SumOfSquares(GoodnessSpec spec, int units) : ISquaresGoodness
{
    private readonly (Func<double, double> Sigmoid, Func<double, double> Softplus) _logistic = Logistic.Of(spec);
    private readonly double _threshold = spec.ThresholdPerUnit * units;

    public float Of(float sumOfSquares) => sumOfSquares;

    public float Pull(float goodness, float paired, bool positive) =>
        (float)(positive ? _logistic.Sigmoid(-Logit(goodness)) : -_logistic.Sigmoid(Logit(goodness)));

    public double Loss(float goodness, float paired, bool positive) => _logistic.Softplus(positive ? -Logit(goodness) : Logit(goodness));

    private double Logit(float goodness) => (goodness - _threshold) / spec.Temperature;
}
