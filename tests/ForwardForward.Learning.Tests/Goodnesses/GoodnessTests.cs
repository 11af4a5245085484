using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class GoodnessTests
{
    private const int Units = 40;

    [Fact]
    public void At_the_threshold_both_answers_are_equally_likely()
    {
        var goodness = Of(new GoodnessSpec { ThresholdPerUnit = 1.5, Temperature = 3 });

        Assert.Equal((0.5f, -0.5f), (goodness.Pull(60, 0, true), goodness.Pull(60, 0, false)));
        Assert.Equal(Math.Log(2), goodness.Loss(60, 0, true), 1e-15);
        Assert.Equal(Math.Log(2), goodness.Loss(60, 0, false), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33.5f)]
    [InlineData(41)]
    [InlineData(55)]
    public void Matches_the_logistic_of_the_paper(float g)
    {
        var goodness = Of(new GoodnessSpec { Temperature = 4 });
        var p = 1 / (1 + Math.Exp(-(g - Units) / 4.0));

        Assert.Equal(1 - p, goodness.Pull(g, 0, true), 1e-7);
        Assert.Equal(-p, goodness.Pull(g, 0, false), 1e-7);
        Assert.Equal(-Math.Log(p), goodness.Loss(g, 0, true), 1e-12);
        Assert.Equal(-Math.Log(1 - p), goodness.Loss(g, 0, false), 1e-12);
    }

    [Theory]
    [InlineData(0, false, 0, 0)]
    [InlineData(1e9f, true, 0, 0)]
    [InlineData(1e9f, false, -1, 1e9 - Units)]
    [InlineData(0, true, 1, Units)]
    public void Certainty_saturates_without_overflow(float g, bool positive, float pull, double loss)
    {
        var goodness = Seams.Goodness.Get(new GoodnessSpec().Kind)(new GoodnessSpec(), Units);

        Assert.Equal(pull, goodness.Pull(g, 0, positive), 1e-6f);
        Assert.Equal(loss, goodness.Loss(g, 0, positive), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_pull_is_the_slope_of_the_loss_downhill(bool positive)
    {
        var goodness = Of(new GoodnessSpec { Temperature = 2 });
        var slope = (goodness.Loss(41.25f, 0, positive) - goodness.Loss(40.75f, 0, positive)) / 0.5;

        Assert.Equal(-slope * 2, goodness.Pull(41, 0, positive), 1e-2);
    }

    [Theory]
    [InlineData(GoodnessKind.SumOfSquares)]
    [InlineData(GoodnessKind.NegativeSumOfSquares)]
    [InlineData(GoodnessKind.Symba)]
    [InlineData(GoodnessKind.Swish)]
    public void Of_every_kind_pull_times_slope_is_the_slope_of_a_pair_s_loss_by_the_sum_of_squares(string kind)
    {
        const double Temperature = 2,
            Step = 0.25;
        var goodness = Of(new GoodnessSpec { Kind = kind, Temperature = Temperature });
        foreach (var (positive, negative) in new[] { (41f, 39f), (38f, 43f), (44f, 37f) })
        {
            double PairLoss(double p, double n)
            {
                float one = goodness.Of((float)p),
                    other = goodness.Of((float)n);
                return kind is GoodnessKind.Symba or GoodnessKind.Swish
                    ? goodness.Loss(one, other, true)
                    : goodness.Loss(one, other, true) + goodness.Loss(other, one, false);
            }

            float first = goodness.Of(positive),
                second = goodness.Of(negative);
            var slopes = (
                (PairLoss(positive + Step, negative) - PairLoss(positive - Step, negative)) / (2 * Step),
                (PairLoss(positive, negative + Step) - PairLoss(positive, negative - Step)) / (2 * Step)
            );

            Assert.Equal(-slopes.Item1 * Temperature, goodness.Slope(first) * goodness.Pull(first, second, true), 5e-3);
            Assert.Equal(-slopes.Item2 * Temperature, goodness.Slope(second) * goodness.Pull(second, first, false), 5e-3);
        }
    }

    [Theory]
    [InlineData(GoodnessKind.SumOfSquares, 1)]
    [InlineData(GoodnessKind.NegativeSumOfSquares, -1)]
    [InlineData(GoodnessKind.Symba, 1)]
    [InlineData(GoodnessKind.Swish, 1)]
    public void A_positive_row_is_better_the_better_its_goodness_and_extremes_do_not_overflow(string kind, int sign)
    {
        var goodness = Of(new GoodnessSpec { Kind = kind });

        Assert.Equal(sign * 7f, goodness.Of(7));
        Assert.True(goodness.Loss(sign * 60, sign * 50, true) < goodness.Loss(sign * 50, sign * 50, true) == sign > 0);
        Assert.All(
            new[] { 0f, 1e9f },
            sum =>
                Assert.All(
                    new[] { 0f, 1e9f },
                    other =>
                        Assert.All(
                            new[] { true, false },
                            positive =>
                                Assert.True(
                                    double.IsFinite(goodness.Pull(goodness.Of(sum), goodness.Of(other), positive))
                                        && double.IsFinite(goodness.Loss(goodness.Of(sum), goodness.Of(other), positive))
                                )
                        )
                )
        );
    }

    [Fact]
    public void A_row_is_pulled_by_the_slope_of_an_own_function_of_its_sum_of_squares()
    {
        var root = new Root();
        float[] goodness = [root.Of(9), root.Of(16)];
        var layout = new RowLayout(Positive: 1, Negative: 1, Neutral: 0, Candidates: 0);

        Assert.Equal(1 / 6f, root.Pull(goodness, layout, 0), 1e-7f);
        Assert.Equal(-1 / 8f, root.Pull(goodness, layout, 1), 1e-7f);
    }

    private sealed class Root : ISquaresGoodness
    {
        public float Of(float sumOfSquares) => MathF.Sqrt(sumOfSquares);

        public float Slope(float goodness) => 1 / (2 * goodness);

        public float Pull(float goodness, float paired, bool positive) => positive ? 1 : -1;

        public double Loss(float goodness, float paired, bool positive) => positive ? -goodness : goodness;
    }

    private static ISquaresGoodness Of(GoodnessSpec spec) => (ISquaresGoodness)Seams.Goodness.Get(spec.Kind)(spec, Units);
}
