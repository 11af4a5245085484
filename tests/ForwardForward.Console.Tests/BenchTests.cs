namespace ForwardForward.Console.Tests;

public sealed class BenchTests : Workplace
{
    [Fact]
    public async Task A_bench_of_the_step_prints_every_promised_ratio()
    {
        var result = await Console.Run(
            "bench", "step", "--slots", "10", "--turns", "1", "--set", "dataset=tiny", "--set", "layers=32,32", "--set", "batchSize=15", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.ExitCode == 0 ? "" : result.Error));
        Assert.Equal(Environment.ProcessorCount, result.Json.GetProperty("cores").GetInt32());
        foreach (var precision in new[] { "fp32", "bf16" })
        {
            var ratios = result.Json.GetProperty("precision").GetProperty(precision);
            foreach (var ratio in new[] { "referenceShare", "pipelineShare", "pipelineOverReference", "overAutograd" })
            {
                Assert.True(ratios.GetProperty(ratio).GetDouble() > 0, $"{precision}.{ratio}: {ratios}");
            }

            Assert.Equal(1, ratios.GetProperty("phases").EnumerateObject().Sum(phase => phase.Value.GetDouble()), 6);
            Assert.True(result.Json.GetProperty("matrixRate").GetProperty(precision).GetDouble() > 0);
        }
    }
}
