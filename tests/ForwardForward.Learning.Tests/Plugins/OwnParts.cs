using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Plugins;

/// <summary>
/// The built-in goodness and optimizer, written as somebody would write an own one: what they make must be the same but for rounding.
/// </summary>
internal static class OwnParts
{
    public const string Goodness = "squaresOfActivity";
    public const string Optimizer = "averaged";

    static OwnParts()
    {
        Seams.Goodness.Add(Goodness, (spec, units) => new SquaresOfActivity(spec, units));
        Seams.Optimizers.Add(Optimizer, spec => new Averaged((float)spec.Momentum));
    }

    /// <summary>Makes them known, once.</summary>
    public static void Register() { }

    private sealed class SquaresOfActivity(GoodnessSpec spec, int units) : IActivityGoodness
    {
        private readonly IGoodness _likelihood = Seams.Goodness.Get(GoodnessKind.SumOfSquares)(spec, units);

        public float Of(ReadOnlySpan<float> activity)
        {
            var sum = 0f;
            foreach (var y in activity)
            {
                sum += y * y;
            }

            return sum;
        }

        public void Slope(ReadOnlySpan<float> activity, Span<float> slope)
        {
            for (var i = 0; i < slope.Length; i++)
            {
                slope[i] = 2 * activity[i];
            }
        }

        public float Pull(float goodness, float paired, bool positive) => _likelihood.Pull(goodness, paired, positive);

        public double Loss(float goodness, float paired, bool positive) => _likelihood.Loss(goodness, paired, positive);
    }

    private sealed class Averaged(float momentum) : IOptimizer
    {
        public IReadOnlyList<string> Moments => ["average"];

        public void Step(in OptimizerRows rows)
        {
            var average = rows.Moment(0);
            for (var i = 0; i < rows.Values.Length; i++)
            {
                average[i] = (momentum * average[i]) + ((1 - momentum) * rows.Gradient[i]);
                rows.Values[i] += rows.Rate * (average[i] - (rows.WeightDecay * rows.Values[i]));
            }
        }
    }
}
