using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Exactness;

public sealed class KernelFingerprintTests
{
    [Theory]
    [InlineData(Precision.Fp32, "fp32")]
    [InlineData(Precision.Bf16, "bf16")]
    public void Is_the_same_every_time_and_on_every_thread(Precision precision, string name)
    {
        var here = KernelFingerprint.Of(precision);
        var elsewhere = "";
        var thread = new Thread(() => elsewhere = KernelFingerprint.Of(precision));
        thread.Start();
        thread.Join();

        Assert.Equal(here, elsewhere);
        Assert.Matches($"^cpu/[A-Za-z0-9]+/[a-z0-9-]+/libtorch-2\\.10\\.0/{name}/passes-[0-9]+/[0-9a-f]{{8}}$", here);
    }

    [Fact]
    public void Differs_by_precision() =>
        Assert.NotEqual(KernelFingerprint.Of(Precision.Fp32)[^8..], KernelFingerprint.Of(Precision.Bf16)[^8..]);

    [Fact]
    public void Refuses_a_precision_that_is_not_resolved() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelFingerprint.Of(Precision.Auto));
}
