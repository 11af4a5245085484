using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// g = -sum_j y_j^2, p(positive) = sigmoid((g + threshold) / temperature): activity is low on what is real and high on what surprises
/// (Hinton 2022, section 2, where he finds it to work slightly better).
/// </summary>
internal sealed class NegativeSumOfSquares(GoodnessSpec spec, int units) : ISquaresGoodness
{
    private readonly (Func<double, double> Sigmoid, Func<double, double> Softplus) _logistic = Logistic.Of(spec);
    private readonly double _threshold = spec.ThresholdPerUnit * units;

    public float Of(float sumOfSquares) => -sumOfSquares;

    public float Slope(float goodness) => -1;

    public float Pull(float goodness, float paired, bool positive) =>
        (float)(positive ? _logistic.Sigmoid(-Logit(goodness)) : -_logistic.Sigmoid(Logit(goodness)));

    public double Loss(float goodness, float paired, bool positive) => _logistic.Softplus(positive ? -Logit(goodness) : Logit(goodness));

    private double Logit(float goodness) => (goodness + _threshold) / spec.Temperature;
}
