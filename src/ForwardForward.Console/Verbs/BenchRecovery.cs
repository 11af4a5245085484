using System.Globalization;
using System.Text.Json;
using ForwardForward.Chaos.Recovery;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

/// <summary><c>bench recovery</c>.</summary>
internal static class BenchRecovery
{
    private const int DefaultFaults = 20;
    private const int DefaultSeed = 1;
    private const int DefaultTries = 3;
    private const int DefaultPairs = 3;

    public static Verb Command()
    {
        var faults = Options.Whole("--faults", $"Random faults, over as many runs as they take; default: {DefaultFaults}.", 0, 100_000);
        var seed = Options.Whole("--seed", $"Seed of their schedule; default: {DefaultSeed}.", 0, int.MaxValue);
        var tries = Options.Whole(
            "--tries",
            $"Tries of each timed loss, of which the median counts, 0 for none; default: {DefaultTries}.",
            0,
            100
        );
        var pairs = Options.Whole(
            "--cost-pairs",
            $"Pairs of runs with and without checkpoints on MNIST, of which the median counts, 0 for none; default: {DefaultPairs}.",
            0,
            100
        );
        var json = Options.Json();
        var command = new Verb(
            "recovery",
            "Kills, holds and cuts off processes of a cluster of its own while it trains, and compares the bytes that come out "
                + "with the reference's.",
            "./ff bench recovery --faults 20 --seed 7"
        )
        {
            faults,
            seed,
            tries,
            pairs,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var streams = parsed.InvocationConfiguration;
                var benchmark = new RecoveryBenchmark(
                    parsed.GetValue(faults) ?? DefaultFaults,
                    parsed.GetValue(seed) ?? DefaultSeed,
                    parsed.GetValue(tries) ?? DefaultTries,
                    parsed.GetValue(pairs) ?? DefaultPairs,
                    streams.Error.WriteLine
                );
                var result = await benchmark.Run(interrupted);
                if (parsed.GetValue(json))
                {
                    streams.Output.WriteLine(JsonSerializer.Serialize(result, Json.OneLine));
                }
                else
                {
                    Print(streams.Output, result);
                }

                return result.IsGood ? ExitCode.Done : ExitCode.RunFailed;
            }
        );
        return command;
    }

    private static void Print(TextWriter output, RecoveryResult result)
    {
        void Row(string name, params string[] cells) =>
            output.WriteLine($"{name, -42}{string.Concat(cells.Select(cell => cell.PadLeft(10)))}");
        Row("a silo is lost", "sigkill", "sigstop");
        Row("until it is noticed, s", Seconds(result.Sigkill?.DetectSeconds), Seconds(result.Sigstop?.DetectSeconds));
        Row("until the first slot after it, s", Seconds(result.Sigkill?.FirstSlotSeconds), Seconds(result.Sigstop?.FirstSlotSeconds));
        Row($"a checkpoint every {result.CheckpointCost?.EverySlots} slots costs, of the time", Percent(result.CheckpointCost?.Cost));
        output.WriteLine();
        foreach (var (kind, count) in result.FaultKinds)
        {
            Row($"faults: {kind}", $"{count}");
        }

        Row($"faults in all, over {result.Runs} runs, seed {result.Seed}", $"{result.Faults}");
        Row("of these in runs with the reference's bytes", $"{result.EqualHashes}");
        Row("measurements lost, doubled", $"{result.SlotsLost}", $"{result.SlotsDoubled}");
        Row($"most slots done again, checkpoint every {result.CheckpointEverySlots}", $"{result.RedoneSlotsMax}");
    }

    private static string Percent(double? share) => share?.ToString("P1", CultureInfo.InvariantCulture) ?? "-";

    private static string Seconds(double? seconds) => seconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
}
