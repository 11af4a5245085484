using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// g = sum_j y_j^2 without a threshold: what counts is how much more a positive row has than its negative one,
/// loss = softplus(-(g_positive - g_negative) / temperature) (Lee and Song 2023, "SymBa", with 1 / temperature for their alpha).
/// </summary>
internal sealed class SymBa(GoodnessSpec spec) : ISquaresGoodness
{
    private readonly (Func<double, double> Sigmoid, Func<double, double> Softplus) _logistic = Logistic.Of(spec);

    public float Of(float sumOfSquares) => sumOfSquares;

    public float Pull(float goodness, float paired, bool positive) =>
        (float)((positive ? 1 : -1) * _logistic.Sigmoid(-Lead(goodness, paired, positive)));

    public double Loss(float goodness, float paired, bool positive) => _logistic.Softplus(-Lead(goodness, paired, positive));

    private double Lead(float goodness, float paired, bool positive) =>
        (positive ? goodness - paired : paired - goodness) / spec.Temperature;
}
