using System.Text.Json;

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
    public async Task A_bench_of_the_step_of_convolutional_layers_holds_each_against_the_library_and_autograd()
    {
        string[] step = ["bench", "step", "--preset", "conv-cwcomp", "--turns", "1", "--set", "dataset=tiny", "--set", "batchSize=8"];

        var result = await Run([.. step, "--json"]);
        var table = await Run(step);

        Assert.True(result.ExitCode == 0, result.Error);
        var layers = result.Json.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(["8 x 8 x 1", "8 x 8 x 20", "4 x 4 x 80", "4 x 4 x 240"], layers.Select(layer => layer.GetProperty("in").GetString()));
        Assert.Equal(
            ["8 x 8 x 20", "8 x 8 x 80", "4 x 4 x 240", "4 x 4 x 480"],
            layers.Select(layer => layer.GetProperty("convolved").GetString())
        );
        Assert.All(
            layers,
            layer =>
            {
                Assert.True(layer.GetProperty("milliseconds").GetDouble() > 0 && layer.GetProperty("gigaflopsPerSecond").GetDouble() > 0);
                // where the library is wrong on this machine there is neither
                var (library, autograd) = (layer.GetProperty("overLibrary"), layer.GetProperty("overAutograd"));
                Assert.Equal(library.ValueKind, autograd.ValueKind);
                Assert.True(library.ValueKind == JsonValueKind.Null || (library.GetDouble() > 0 && autograd.GetDouble() > 0), $"{layer}");
            }
        );
        Assert.Equal(6, table.Output.Trim().Split('\n').Length);
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
