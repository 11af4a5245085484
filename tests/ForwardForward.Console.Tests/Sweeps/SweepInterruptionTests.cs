using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ForwardForward.Chaos;

namespace ForwardForward.Console.Tests.Sweeps;

/// <summary>A sweep whose process ends in the middle of it.</summary>
public sealed partial class SweepInterruptionTests : Workplace
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const string Epochs = "200";
    private static readonly string[] Command =
    [
        "sweep",
        "supervised-quick",
        .. Small,
        "--set",
        "checkpoint.everySlots=100",
        "--grid",
        "optimizer.learningRate=0.01,0.02,0.03",
    ];

    [Fact]
    public async Task Killed_twice_and_gone_on_with_it_ends_in_the_table_of_one_left_alone()
    {
        var checkpoints = At("runs", "killed", "trial-001", "checkpoints");
        await End(
            SigKill,
            () => Directory.Exists(checkpoints) && Directory.GetFiles(checkpoints, "manifest.json", SearchOption.AllDirectories).Length > 0
        );
        await End(SigKill, () => File.Exists(At("runs", "killed", "trial-002", "spec.json"))); // it has no checkpoint yet, or just one

        await File.WriteAllTextAsync(At("runs", "killed", ".sweep.html.999999999-abcdefgh.tmp"), "<!DOCTYPE"); // a kill may leave such

        var resumed = await Run("sweep", "--resume", "killed", "--json");
        var alone = await Run([.. Command, "--epochs", Epochs, "--name", "alone", "--json"]);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(Table(alone), Table(resumed));
        Assert.All(Table(resumed), line => Assert.Contains("state=done", line, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(At("runs", "killed"), ".*"));
    }

    [Fact]
    public async Task Ctrl_C_lets_trials_rest_and_says_how_to_go_on()
    {
        var metrics = At("runs", "killed", "trial-001", "metrics.jsonl");
        var interrupted = await End(SigInt, () => File.Exists(metrics) && new FileInfo(metrics).Length > 0, epochs: "100000");
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "killed", "trial-001", "summary.json")));

        Assert.Equal(130, interrupted.ExitCode);
        Assert.Equal("0 of 3 runs are over: `ff sweep --resume killed` goes on.\n", interrupted.Error);
        Assert.Equal("interrupted", summary.RootElement.GetProperty("state").GetString());
        Assert.True(summary.RootElement.GetProperty("lastCheckpointSlot").GetInt64() > 0);
        Assert.Contains(
            "trial 1 of 3: optimizer.learningRate=0.01, seed 1: interrupted after ",
            interrupted.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task With_other_data_it_does_not_go_on()
    {
        await End(SigKill, () => File.Exists(At("runs", "killed", "trial-001", "metrics.jsonl")));
        TinyIdx.Write(At("tiny"), train: 198);

        var resumed = await Run("sweep", "--resume", "killed");

        Assert.Equal(2, resumed.ExitCode);
        Assert.Contains("tiny holds other data than the run began with", resumed.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(At("runs", "killed", "trial-001", "spec.json")));
    }

    private async Task<FfResult> End(int signal, Func<bool> hasBegun, string epochs = Epochs)
    {
        using var running = Console.Start([.. Command, "--epochs", epochs, "--name", "killed"]);
        var waited = Stopwatch.StartNew();
        while (!hasBegun())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2) && !running.HasExited, "The sweep does not get on.");
            await Task.Delay(5);
        }

        Assert.Equal(0, Kill(running.Id, signal));
        return await Ff.Finish(running);
    }

    // Times are no part of what a trial is.
    private static List<string> Table(FfResult swept) =>
        [
            .. swept
                .Json.EnumerateArray()
                .Select(trial =>
                    string.Join(
                        ' ',
                        trial.EnumerateObject().Where(field => field.Name != "seconds").Select(field => $"{field.Name}={field.Value}")
                    )
                ),
        ];

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
