using System.Text.Json;
using ForwardForward.Chaos;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Cluster.Tests.Processes;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Benchmarks;

/// <summary>The built console, with silo processes on a core each and with timed stages.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)] // what a core gives is not to be seen beside another test's processes
public sealed class BenchScalingTests
{
    internal const string Alone = "Measures time";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(180);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ff.dll");

    [RedisFact]
    public async Task Every_speed_up_stands_beside_the_bound_of_its_balance()
    {
        using var folder = new TemporaryFolder();
        string[] small =
        [
            "--set",
            $"dataset={TinyIdx.Write(folder["tiny"], train: 400, test: 60)}",
            "--set",
            "layers=[32,32]",
            "--set",
            "batchSize=10",
        ];

        var result = await Command.Run(
            "dotnet",
            [
                Program,
                "bench",
                "scaling",
                "--slots",
                "20",
                "--turns",
                "1",
                "--simulate",
                "8",
                "--simulated-slots",
                "100",
                "--json",
                .. small,
            ],
            [],
            Timeout
        );

        var rows = JsonDocument
            .Parse(result.Succeeded())
            .RootElement.EnumerateArray()
            .Select(row =>
                (
                    Silos: row.GetProperty("silos").GetInt32(),
                    Simulated: row.GetProperty("simulated").GetBoolean(),
                    Bound: row.GetProperty("balanceBound").GetDouble(),
                    Speedup: row.GetProperty("speedup").GetDouble(),
                    Ratio: row.GetProperty("ratio").GetDouble(),
                    Layers: row.GetProperty("layers").GetString()
                )
            )
            .ToList();
        Assert.Equal(
            [(2, ""), (4, ""), (8, ""), (7, "whole"), (7, "shards"), (7, "replicas"), (4, "conv-deeper17")],
            rows.Where(row => row.Simulated).Select(row => (row.Silos, row.Layers))
        );
        Assert.Equal([2, 4, 8, 1.75, 7, 7], rows.Where(row => row.Simulated).SkipLast(1).Select(row => Math.Round(row.Bound, 6)));
        Assert.InRange(rows[^1].Bound, 3.9, 4); // seventeen layers of unequal cost
        Assert.All(rows.Where(row => row.Simulated), row => Assert.InRange(row.Ratio, 0.6, 1.01)); // 100 slots, a busy machine
        Assert.Equal((1, 1.0, 1.0), (rows[0].Silos, rows[0].Speedup, rows[0].Bound));
        Assert.Equal(Math.Min(2, Environment.ProcessorCount), rows.Where(row => !row.Simulated).Max(row => Math.Min(2, row.Silos)));
        Assert.All(rows, row => Assert.Equal(row.Speedup / row.Bound, row.Ratio, 6));
    }
}
