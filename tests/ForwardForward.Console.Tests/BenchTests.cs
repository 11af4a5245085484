namespace ForwardForward.Console.Tests;

public sealed class BenchTests : Workplace
{
    [Fact]
    public async Task A_bench_of_the_step_prints_every_promised_ratio()
    {
        var result = await Console.Run(
            "bench",
            "step",
            "--slots",
            "10",
            "--turns",
            "1",
            "--set",
            "dataset=tiny",
            "--set",
            "layers=32,32",
            "--set",
            "batchSize=15",
            "--json"
        );

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

    [Fact]
    public async Task A_bench_of_memory_shows_layers_that_need_the_same_at_any_depth_and_backpropagation_that_does_not()
    {
        var result = await Console.Run("bench", "memory", "--width", "800", "--picture", "memory.svg", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.ExitCode == 0 ? "" : result.Error));
        var measured = result
            .Json.EnumerateArray()
            .ToLookup(
                one => one.GetProperty("algorithm").GetString()!,
                one => (Depth: one.GetProperty("depth").GetInt32(), Bytes: one.GetProperty("peakStageBytes").GetInt64())
            );
        Assert.Equal([2, 4, 8, 16], measured["forwardForward"].Select(one => one.Depth));
        Assert.InRange((double)measured["forwardForward"].Max(one => one.Bytes) / measured["forwardForward"].Min(one => one.Bytes), 1, 2);
        Assert.Equal(measured["backpropagation"].OrderBy(one => one.Bytes), measured["backpropagation"]);
        Assert.InRange((double)measured["backpropagation"].Last().Bytes / measured["backpropagation"].First().Bytes, 5, 16);
        Assert.Contains("backprop.", await File.ReadAllTextAsync(At("memory.svg")), StringComparison.Ordinal);
    }
}
