using ForwardForward.Learning;
using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;

namespace OwnParts;

/// <summary>
/// An own goodness: g = sum_j y_j^3, which rewards a few loud units more than many quiet ones. A spec names it <c>goodness.kind=cubic</c>.
/// </summary>
public sealed class CubicGoodness(GoodnessSpec spec, int units) : IActivityGoodness
{
    private readonly double _threshold = spec.ThresholdPerUnit * units;

    public float Of(ReadOnlySpan<float> activity)
    {
        var sum = 0f;
        foreach (var y in activity)
        {
            sum += y * y * y;
        }

        return sum;
    }

    public void Slope(ReadOnlySpan<float> activity, Span<float> slope)
    {
        for (var i = 0; i < slope.Length; i++)
        {
            slope[i] = 3 * activity[i] * activity[i];
        }
    }

    public float Pull(float goodness, float paired, bool positive) =>
        (float)(positive ? Logistic.Sigmoid(-Logit(goodness)) : -Logistic.Sigmoid(Logit(goodness)));

    public double Loss(float goodness, float paired, bool positive) => Logistic.Softplus(positive ? -Logit(goodness) : Logit(goodness));

    private double Logit(float goodness) => (goodness - _threshold) / spec.Temperature;
}

/// <summary>Makes it known.</summary>
public sealed class CubicGoodnessPlugin : IPlugin
{
    public void Register() => Seams.Goodness.Add("cubic", (spec, units) => new CubicGoodness(spec, units));
}
