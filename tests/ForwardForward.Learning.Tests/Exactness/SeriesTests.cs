using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Tests.Exactness;

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

    [Fact]
    public void Exponentials_and_logarithms_of_any_size_are_those_of_the_library_but_for_their_last_bits()
    {
        for (var x = -740.0; x <= 709; x += 0.731)
        {
            AssertNear(Math.Exp(x), Series.Exp(x), x < -708 ? 1e-3 : 1e-15); // below there is hardly a digit left
            AssertNear(x, Series.Log(Math.Exp(Math.Max(x, -700))) + Math.Min(0, x + 700), 1e-15);
        }

        Assert.Equal((0, double.PositiveInfinity, 1), (Series.Exp(-746), Series.Exp(710), Series.Exp(0)));
        Assert.True(double.IsNaN(Series.Exp(double.NaN)));
        Assert.Equal(0, Series.Log(1));
        Assert.Equal(Math.Log(float.Epsilon), Series.Log(float.Epsilon), 1e-13);
    }

    [Fact]
    public void Powers_are_products()
    {
        Assert.Equal((1, 0.9, 0.81, 1024), (Series.Power(0.9, 0), Series.Power(0.9, 1), Series.Power(0.9, 2), Series.Power(2, 10)));
        AssertNear(Math.Pow(0.999, 36_000), Series.Power(0.999, 36_000), 1e-11);
    }

    private static void AssertNear(double expected, double actual, double share) =>
        Assert.InRange(
            actual,
            expected - (share * Math.Abs(expected)) - double.Epsilon,
            expected + (share * Math.Abs(expected)) + double.Epsilon
        );
}
