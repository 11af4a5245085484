using ForwardForward.Learning.Devices;

namespace ForwardForward.Learning.Tests.Devices;

public sealed class MatrixRateShareTests
{
    private const double Operations = 600;
    private const double Seconds = 2;

    [Theory]
    [InlineData(600, 0.5)]
    [InlineData(300, 1)]
    public void Is_what_the_run_made_of_the_rate(double rate, double share) =>
        Assert.Equal(new MatrixRateShare(share, null), MatrixRateShare.Of(Operations, Seconds, rate));

    [Theory]
    [InlineData(299, MatrixRateShare.WasSlower)]
    [InlineData(1, MatrixRateShare.WasSlower)]
    [InlineData(double.NaN, MatrixRateShare.WasBusy)]
    public void Is_left_out_with_the_reason_where_the_rate_is_no_limit(double rate, string reason) =>
        Assert.Equal(new MatrixRateShare(null, reason), MatrixRateShare.Of(Operations, Seconds, rate));

    [Theory]
    [InlineData(Seconds, 0)]
    [InlineData(0, 300)]
    public void Is_not_spoken_of_where_nothing_was_measured(double seconds, double rate) =>
        Assert.Equal(default, MatrixRateShare.Of(Operations, seconds, rate));
}
