using ForwardForward.Learning.Recipes.Augmentations;

namespace ForwardForward.Learning.Tests.Recipes.Augmentations;

public sealed class SeriesTests
{
    [Fact]
    public void Sine_and_cosine_are_those_of_the_library_but_for_its_last_bits()
    {
        for (var degrees = -180.0; degrees <= 180; degrees += 0.37)
        {
            var (sine, cosine) = Series.SineAndCosine(degrees);
            Assert.Equal(Math.Sin(degrees * Math.PI / 180), sine, 1e-15);
            Assert.Equal(Math.Cos(degrees * Math.PI / 180), cosine, 1e-15);
        }
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(90, 1, 0)]
    [InlineData(180, 0, -1)]
    [InlineData(-90, -1, 0)]
    [InlineData(-180, 0, -1)]
    public void Quarter_turns_are_exact(double degrees, double sine, double cosine) =>
        Assert.Equal((sine, cosine), Series.SineAndCosine(degrees));

    [Fact]
    public void The_exponential_is_that_of_the_library_but_for_its_last_bits()
    {
        for (var x = -1.0; x <= 1; x += 0.0137)
        {
            Assert.Equal(Math.Exp(x), Series.Exponential(x), 1e-15);
        }

        Assert.Equal(4.0 / 3, Series.Exponential(0.28768207245178093), 1e-15);
    }
}
