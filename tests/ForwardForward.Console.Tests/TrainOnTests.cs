namespace ForwardForward.Console.Tests;

/// <summary><c>train --from</c>: a run that is done trains on, as a run of its own.</summary>
public sealed class TrainOnTests : Workplace
{
    [Fact]
    public async Task A_run_trains_on_to_the_same_bytes_however_it_runs()
    {
        await Train("--name", "first");

        async Task<FfResult> On(params string[] how)
        {
            var run = await Run(["train", "--from", "first", "--epochs", "3", "--json", .. how]);
            Assert.True(run.ExitCode == 0, run.Error);
            return run;
        }

        var one = await On("--reference");
        var hash = one.Json.GetProperty("stateHash").GetString()!;
        Assert.Equal(
            [hash, hash],
            [
                (await On("--silos", "1")).Json.GetProperty("stateHash").GetString()!,
                (await On("--silos", "3", "--name", "second")).Json.GetProperty("stateHash").GetString()!,
            ]
        );
        Assert.Equal(("first-on-1", 3), (one.Json.GetProperty("run").GetString(), one.Json.GetProperty("epochs").GetInt32()));

        var third = await Run("train", "--from", "second", "--json", "--set", "optimizer.learningRate=0.001");
        Assert.True(third.ExitCode == 0, third.Error);
        Assert.Equal(3, third.Json.GetProperty("epochs").GetInt32());
        Assert.Contains("\"epochs\": 5,", await File.ReadAllTextAsync(At("runs", "second-on-1", "spec.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_learns_nothing_more_errs_as_the_one_before()
    {
        var first = await Train("--name", "first", "--json");

        var on = await Run([
            "train",
            "--from",
            "first",
            "--json",
            "--epochs",
            "1",
            "--set",
            "optimizer.learningRate=0",
            "--set",
            "readout.learningRate=0",
        ]);

        Assert.True(on.ExitCode == 0, on.Error);
        Assert.Equal(first.Json.GetProperty("testErrorFast").GetDouble(), on.Json.GetProperty("testErrorFast").GetDouble());
        Assert.Equal(first.Json.GetProperty("testErrorGoodness").GetDouble(), on.Json.GetProperty("testErrorGoodness").GetDouble());
    }

    [Fact]
    public async Task What_cannot_be_trained_on_is_refused_with_one_sentence_and_leaves_no_run()
    {
        await Train("--name", "first");
        await Train("--name", "bare", "--set", "checkpoint.everySlots=0");
        await Train("--name", "cut");
        File.Delete(At("runs", "cut", "summary.json"));
        new FinishedRuns(At("runs")).Add("away", [0.1], summary => summary with { Where = "127.0.0.1:1" });

        async Task Refused(string sentence, params string[] how)
        {
            var refused = await Run(["train", .. how]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));
        }

        await Refused("There is no run 'firts' in runs", "--from", "firts");
        await Refused("The run 'cut' is interrupted, expected one that is done to train on from; `ff resume cut` goes on", "--from", "cut");
        await Refused("The run 'away' and its state are on the cluster 127.0.0.1:1, expected a run of this machine;", "--from", "away");
        await Refused("has no checkpoint", "--from", "bare");
        await Refused("but the experiment 'supervised' is given too: expected one.", "supervised", "--from", "first");
        await Refused("but --import model.safetensors is given too: expected one.", "--from", "first", "--import", "model.safetensors");
        await Refused(
            "state.safetensors has no tensor 'stages.0.weights' of 20 x 64: it is the state of another network.",
            "--from",
            "first",
            "--set",
            "layers=20,16"
        );
        Assert.Equal(["away", "bare", "cut", "first"], Directory.GetDirectories(At("runs")).Select(Path.GetFileName).Order());
    }
}
