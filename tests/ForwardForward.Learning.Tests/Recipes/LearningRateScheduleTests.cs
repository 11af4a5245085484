using ForwardForward.Learning.Recipes;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(2)]
    [InlineData(1)]
    public void Is_full_for_half_the_epochs_and_then_falls_linearly_to_one_over_the_epochs(int epochs)
    {
        var factors = Enumerable.Range(0, epochs).Select(epoch => LearningRateSchedule.HalfThenLinear(epoch, epochs)).ToList();

        Assert.All(factors.Take(epochs / 2), f => Assert.Equal(1, f));
        Assert.Equal(1.0 / epochs, factors[^1], 1e-12);
        for (var epoch = (epochs / 2) + 1; epoch < epochs; epoch++)
        {
            Assert.Equal(2.0 / epochs, factors[epoch - 1] - factors[epoch], 1e-12);
        }
    }

    [Theory]
    [InlineData(29, 60, 1)]
    [InlineData(30, 60, 59.0 / 60)]
    [InlineData(45, 60, 29.0 / 60)]
    [InlineData(59, 60, 1.0 / 60)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 3, 1.0 / 3)]
    public void Has_these_values(int epoch, int epochs, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.HalfThenLinear(epoch, epochs), 1e-12);
}
