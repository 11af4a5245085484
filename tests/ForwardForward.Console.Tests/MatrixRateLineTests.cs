using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

public sealed class MatrixRateLineTests
{
    private static readonly RunSummary Run = new()
    {
        Run = "any-1",
        State = RunStates.Done,
        Dataset = "mnist",
        Epochs = 1,
        Seed = 1,
        Precision = Precision.Fp32,
        SamplesPerSecond = 1000,
        Output = null,
    };

    [Fact]
    public void A_share_stands_behind_the_speed() =>
        Assert.Equal("speed                 1,000 images/s, 50.00 % of the matrix rate", Line(Run with { MatrixRateShare = 0.5 }));

    [Fact]
    public void Where_it_is_left_out_the_reason_stands_there() =>
        Assert.Equal(
            "speed                 1,000 images/s; its share of the matrix rate is left out: the machine was busy",
            Line(Run with { MatrixRateLeftOut = "the machine was busy" })
        );

    private static string Line(RunSummary run)
    {
        using var output = new StringWriter();
        ClosingBlock.Write(output, run);
        return output.ToString().Split('\n').Single(line => line.StartsWith("speed", StringComparison.Ordinal));
    }
}
