using System.Text.Json;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Cluster.Tests.Processes;

namespace ForwardForward.Cluster.Tests.Benchmarks;

/// <summary>The built console, with real processes of its own that it kills, holds and cuts off.</summary>
public sealed class BenchRecoveryTests
{
    private const int Seed = 1257; // its first six faults are of six kinds, and short
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(6); // on a machine that does much else; two minutes otherwise
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ff.dll");

    [RedisFact]
    public async Task Runs_that_are_disturbed_end_in_the_bytes_of_the_reference_and_no_slot_is_lost_or_doubled()
    {
        var result = await Ff("bench", "recovery", "--faults", "6", "--seed", $"{Seed}", "--tries", "0", "--cost-pairs", "0", "--json");

        var bench = JsonDocument.Parse(result.Succeeded()).RootElement;
        int Number(string name) => bench.GetProperty(name).GetInt32();
        Assert.Equal((6, 6, 0, 0), (Number("faults"), Number("equalHashes"), Number("slotsLost"), Number("slotsDoubled")));
        Assert.Equal((Seed, 6), (Number("seed"), bench.GetProperty("faultKinds").EnumerateObject().Sum(kind => kind.Value.GetInt32())));
        Assert.True(Number("runs") > 0 && Number("redoneSlotsMax") >= 0 && Number("checkpointEverySlots") > 0, result.Output);
        for (var fault = 1; fault <= 6; fault++)
        {
            Assert.Contains($"seed {Seed}, fault {fault}: ", result.Error, StringComparison.Ordinal);
        }
    }

    [RedisFact]
    public async Task A_silo_that_is_killed_or_held_is_noticed_and_the_run_goes_on_without_it()
    {
        var result = await Ff("bench", "recovery", "--faults", "0", "--tries", "1", "--cost-pairs", "0", "--json");

        var bench = JsonDocument.Parse(result.Succeeded()).RootElement;
        foreach (var loss in new[] { "sigkill", "sigstop" })
        {
            var (detect, first) = (
                bench.GetProperty(loss).GetProperty("detectSeconds").GetDouble(),
                bench.GetProperty(loss).GetProperty("firstSlotSeconds").GetDouble()
            );
            Assert.True(0 < detect && detect <= first, $"{loss}: {detect}, {first}");
        }
    }

    [Fact]
    public async Task Help_shows_the_options_and_an_example()
    {
        var help = (await Ff("bench", "recovery", "--help")).Succeeded();
        foreach (var said in new[] { "--faults", "--seed", "--tries", "--json", "Example: ff bench recovery" })
        {
            Assert.Contains(said, help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_number_of_faults_is_refused_with_one_sentence()
    {
        var result = await Ff("bench", "recovery", "--faults", "-1");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("--faults is '-1', expected a whole number from 0", result.Error, StringComparison.Ordinal);
    }

    // Its silos start again and again, beside a run that takes every core: none measures how fast the machine would be without it.
    private static Task<Command> Ff(params string[] arguments) =>
        Command.Run("dotnet", [Program, .. arguments], new() { ["FF_MATRIX_RATE"] = Console.Tests.Ff.MatrixRate }, Timeout);
}
