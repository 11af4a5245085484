using System.Text.Json;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Cluster.Tests.Processes;

namespace ForwardForward.Cluster.Tests.Benchmarks;

/// <summary>The built console, with two real silo processes of its own.</summary>
public sealed class BenchTransportTests
{
    [RedisFact]
    public async Task A_bench_of_the_transport_prints_one_array_with_a_row_for_every_size_and_number_in_flight()
    {
        var result = await Ff("bench", "transport", "--turns", "1", "--megabytes", "5", "--slow-slots", "10", "--json");

        var rows = JsonDocument.Parse(result.Succeeded()).RootElement.EnumerateArray().ToList();
        Assert.Equal(
            [(400_000, 1), (400_000, 8), (1_200_000, 1), (1_200_000, 8), (4_800_000, 1), (4_800_000, 8)],
            rows.Select(row => (row.GetProperty("bytes").GetInt32(), row.GetProperty("inFlight").GetInt32()))
        );
        foreach (var row in rows)
        {
            foreach (var number in new[] { "gigabytesPerSecond", "rawSocketGigabytesPerSecond", "share", "microsecondsPerCall" })
            {
                Assert.True(row.GetProperty(number).GetDouble() > 0, $"{number}: {row}");
            }
        }

        Assert.Contains("slow receiver: 10 slots, 12.0 MB in all, 0 crossed the wire in vain", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_the_options_and_an_example()
    {
        var help = (await Ff("bench", "transport", "--help")).Succeeded();
        foreach (
            var said in new[] { "--cluster", "--turns", "--megabytes", "--active", "--slow-slots", "--json", "Example: ff bench transport" }
        )
        {
            Assert.Contains(said, help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_said_to_be_unreachable()
    {
        var result = await Ff("bench", "transport", "--cluster", "127.0.0.1:1");
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("Nothing answers at 127.0.0.1:1", result.Error, StringComparison.Ordinal);
    }

    private static Task<Command> Ff(params string[] arguments) =>
        Command.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "ff.dll"), .. arguments]);
}
