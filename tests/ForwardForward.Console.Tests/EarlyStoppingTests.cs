using System.Text.Json;

namespace ForwardForward.Console.Tests;

/// <summary>Runs that held-out images end, whatever they run on.</summary>
public sealed class EarlyStoppingTests : Workplace
{
    private static readonly string[] Patient =
    [
        "--set",
        "evaluation.patience=2",
        "--set",
        "holdOut=60",
        "--set",
        "optimizer.learningRate=0.3",
        "--set",
        "evaluation.goodnessEvery=1",
        "--epochs",
        "60",
        "--json",
    ];

    [Theory]
    [InlineData("negatives.kind=hard")]
    [InlineData("topDown.iterations=5")]
    [InlineData("backpropagation.network=perceptron")]
    public async Task A_run_ends_after_the_same_epoch_in_the_same_bytes_however_it_runs(string kind)
    {
        var runs = new List<JsonElement>();
        foreach (var how in new string[][] { ["--reference"], ["--silos", "1"], ["--silos", "3", "--name", "three"] })
        {
            var run = await Train([.. Patient, "--set", kind, .. how]);
            Assert.True(run.ExitCode == 0, run.Error);
            runs.Add(run.Json);
            Assert.Contains("ended early           with epoch", run.Error, StringComparison.Ordinal);
        }

        Assert.Single(runs.Select(run => run.GetProperty("stateHash").GetString()).Distinct());
        Assert.Single(runs.Select(run => run.GetProperty("epoch").GetInt32()).Distinct());
        Assert.Single(runs.Select(run => run.GetProperty("slots").GetInt64()).Distinct());
        Assert.Single(runs.Select(run => run.GetProperty("testErrorFast").GetDouble()).Distinct());
        Assert.InRange(runs[0].GetProperty("epoch").GetInt32(), 4, 59);
        Assert.Equal(runs[0].GetProperty("slots").GetInt64(), runs[0].GetProperty("slot").GetInt64());

        var on = await Run("train", "--from", "three", "--epochs", "1", "--set", "evaluation.patience=0", "--json", "--name", "on");
        Assert.True(on.ExitCode == 0, on.Error);
        using var spec = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "on", "spec.json")));
        Assert.Equal(runs[0].GetProperty("epoch").GetInt32(), spec.RootElement.GetProperty("start").GetProperty("epochs").GetInt32());
    }

    [Fact]
    public async Task A_run_that_was_killed_ends_as_if_it_had_not_been()
    {
        var whole = await Train([.. Patient, "--name", "whole"]);
        string[] paced = ["train", .. Small, .. Patient[..^1], "--set", "checkpoint.everySlots=3", "--name", "killed"];
        using var running = Console.Start(paced);
        while (await running.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch 2", StringComparison.Ordinal)) { }

        running.Kill();
        await running.WaitForExitAsync();
        var resumed = await Run("resume", "killed", "--json");

        var expected = whole.Json.GetProperty("stateHash").GetString();
        if (resumed.ExitCode == 0)
        {
            Assert.Equal(expected, resumed.Json.GetProperty("stateHash").GetString());
        }
        else
        {
            // it was faster than the kill
            Assert.Contains("is done; there is nothing to go on with", resumed.Error, StringComparison.Ordinal);
            Assert.Contains(expected!, await File.ReadAllTextAsync(At("runs", "killed", "summary.json")), StringComparison.Ordinal);
        }
    }
}
