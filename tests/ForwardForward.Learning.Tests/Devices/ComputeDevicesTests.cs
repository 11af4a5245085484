using ForwardForward.Learning.Devices;
using ForwardForward.Learning.Native;

namespace ForwardForward.Learning.Tests.Devices;

public sealed class ComputeDevicesTests
{
    public ComputeDevicesTests() => LibTorch.EnsureLoaded();

    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cuda:0", true)]
    [InlineData("cuda:0,cuda:1", true)]
    [InlineData("cuda", false)]
    [InlineData("cpu,cuda:0", false)]
    public void Devices_have_names(string devices, bool areNamed) => Assert.Equal(areNamed, ComputeDevices.AreNamed(devices));

    [Fact]
    public void What_is_not_there_is_refused_with_one_sentence_and_the_cpu_stays()
    {
        var unknown = Assert.Throws<InvalidInputException>(() => ComputeDevices.Use("tpu"));
        var absent = Assert.Throws<InvalidInputException>(() => ComputeDevices.Use("cuda:99"));

        Assert.Equal("The devices 'tpu' are none that layers can be computed on, expected cpu, cuda:0 or cuda:0,cuda:1.", unknown.Message);
        Assert.StartsWith("The device cuda:99 cannot be used: this machine has ", absent.Message, StringComparison.Ordinal);
        Assert.Equal((false, "cpu", 0), (ComputeDevices.AreGpus, ComputeDevices.Kind, ComputeDevices.Count));
        Assert.Null(ComputeDevices.Of(0));
    }
}
