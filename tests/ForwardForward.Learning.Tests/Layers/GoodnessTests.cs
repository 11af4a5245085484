using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Layers;

public sealed class GoodnessTests
{
    private const int Units = 40;

    [Fact]
    public void At_the_threshold_both_answers_are_equally_likely()
    {
        var goodness = new Goodness(new GoodnessSpec { ThresholdPerUnit = 1.5, Temperature = 3 }, Units);

        Assert.Equal((0.5f, -0.5f), (goodness.Pull(60, true), goodness.Pull(60, false)));
        Assert.Equal(Math.Log(2), goodness.Loss(60, true), 1e-15);
        Assert.Equal(Math.Log(2), goodness.Loss(60, false), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33.5f)]
    [InlineData(41)]
    [InlineData(55)]
    public void Matches_the_logistic_of_the_paper(float g)
    {
        var goodness = new Goodness(new GoodnessSpec { Temperature = 4 }, Units);
        var p = 1 / (1 + Math.Exp(-(g - Units) / 4.0));

        Assert.Equal(1 - p, goodness.Pull(g, true), 1e-7);
        Assert.Equal(-p, goodness.Pull(g, false), 1e-7);
        Assert.Equal(-Math.Log(p), goodness.Loss(g, true), 1e-12);
        Assert.Equal(-Math.Log(1 - p), goodness.Loss(g, false), 1e-12);
    }

    [Theory]
    [InlineData(0, false, 0, 0)]
    [InlineData(1e9f, true, 0, 0)]
    [InlineData(1e9f, false, -1, 1e9 - Units)]
    [InlineData(0, true, 1, Units)]
    public void Certainty_saturates_without_overflow(float g, bool positive, float pull, double loss)
    {
        var goodness = new Goodness(new GoodnessSpec(), Units);

        Assert.Equal(pull, goodness.Pull(g, positive), 1e-6f);
        Assert.Equal(loss, goodness.Loss(g, positive), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_pull_is_the_slope_of_the_loss_downhill(bool positive)
    {
        var goodness = new Goodness(new GoodnessSpec { Temperature = 2 }, Units);
        var slope = (goodness.Loss(41.25f, positive) - goodness.Loss(40.75f, positive)) / 0.5;

        Assert.Equal(-slope * 2, goodness.Pull(41, positive), 1e-2);
    }
}
