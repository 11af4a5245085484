using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Goodnesses;

/// <summary>
/// As <see cref="SymBa"/>, with loss = x sigmoid(x), x = -(g_positive - g_negative) / temperature: pairs that are far enough apart are left
/// alone, and those a little beyond are drawn back (the "swish" loss of the public explore_forward_forward code).
/// </summary>
internal sealed class Swish(GoodnessSpec spec) : ISquaresGoodness
{
    private readonly (Func<double, double> Sigmoid, Func<double, double> Softplus) _logistic = Logistic.Of(spec);

    public float Of(float sumOfSquares) => sumOfSquares;

    public float Pull(float goodness, float paired, bool positive)
    {
        var x = Lag(goodness, paired, positive);
        var p = _logistic.Sigmoid(x);
        return (float)((positive ? 1 : -1) * p * (1 + (x * (1 - p))));
    }

    public double Loss(float goodness, float paired, bool positive) =>
        Lag(goodness, paired, positive) is var x && double.IsNegativeInfinity(x) ? 0 : x * _logistic.Sigmoid(x);

    private double Lag(float goodness, float paired, bool positive) =>
        (positive ? paired - goodness : goodness - paired) / spec.Temperature;
}
