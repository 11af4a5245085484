using System.Text.Json;

namespace ForwardForward.Console.Tests;

public sealed class RunsRenameTests : Workplace
{
    [Fact]
    public async Task Every_verb_knows_a_run_by_its_new_name_and_by_no_other()
    {
        var trained = await Train("--name", "first", "--set", "checkpoint.everySlots=5", "--json");

        var renamed = await Run("runs", "rename", "first", "second", "--json");

        Assert.Equal((0, ""), (renamed.ExitCode, renamed.Error));
        Assert.Equal(
            ("second", At("runs", "second")),
            (renamed.Json.GetProperty("run").GetString(), renamed.Json.GetProperty("output").GetString())
        );
        var shown = await Run("runs", "show", "second", "--json");
        var predicted = await Run("predict", "second", "tiny/t10k-images-idx3-ubyte", "--json");
        var exported = await Run("export", "second", "--json");
        var reported = await Run("report", "second", "--json");
        var old = await Run("runs", "show", "first");
        Assert.All(
            [shown, predicted, exported, reported],
            told => Assert.Equal((0, "second"), (told.ExitCode, told.Json.GetProperty("run").GetString()))
        );
        Assert.Equal(trained.Json.GetProperty("stateHash").GetString(), shown.Json.GetProperty("stateHash").GetString());
        Assert.Contains(
            "<title>second</title>",
            await File.ReadAllTextAsync(At("runs", "second", "report.html")),
            StringComparison.Ordinal
        );
        Assert.Equal((2, "There is no run 'first' in runs."), (old.ExitCode, old.Error.Trim()));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(At("runs", "second", "summary.json")));
        Assert.Equal(
            ("second", At("runs", "second")),
            (summary.RootElement.GetProperty("run").GetString(), summary.RootElement.GetProperty("output").GetString())
        );
        Assert.Equal(
            ["checkpoints", "metrics.jsonl", "report.html", "spec.json", "summary.json"],
            Directory.GetFileSystemEntries(At("runs", "second")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_run_elsewhere_stays_beside_its_folder()
    {
        new FinishedRuns(At("elsewhere")).Add("first", [0.1]);

        var renamed = await Run("runs", "rename", "elsewhere/first", "second");

        Assert.Equal($"first is called second now: {At("elsewhere", "second")}\n", renamed.Output);
        Assert.Equal([At("elsewhere", "second")], Directory.GetFileSystemEntries(At("elsewhere")));
    }

    [Fact]
    public async Task A_trial_of_a_sweep_keeps_its_name()
    {
        new FinishedRuns(At("runs", "tried")).Add("trial-1", [0.1]);
        await File.WriteAllTextAsync(At("runs", "tried", "sweep.json"), "{}");

        var refused = await Run("runs", "rename", "runs/tried/trial-1", "best");

        Assert.Equal(
            (
                2,
                $"The run 'trial-1' is a trial of the sweep in {At("runs", "tried")}, which knows it by that name, expected a run of its "
                    + "own."
            ),
            (refused.ExitCode, refused.Error.TrimEnd())
        );
    }

    [Theory]
    [InlineData("one two", "two is there already, expected a name that is free.")]
    [InlineData("one one", "one is there already, expected a name that is free.")]
    [InlineData("one a/b", "'a/b' is no name of a run, expected 1 to 100 letters")]
    [InlineData("one ..", "'..' is no name of a run")]
    [InlineData("nobody new", "There is no run 'nobody' in runs.")]
    [InlineData("running new", "The run 'running' is running, expected one that rests: `ff stop running` brings it to rest.")]
    [InlineData("there new", "The run 'there' is on the cluster 127.0.0.1:1, which knows it by that name, expected a run of this machine.")]
    [InlineData("damaged new", "summary.json cannot be read, expected what a run writes there.")]
    [InlineData("two new", "The run 'next' is not done and starts from a file in ")]
    public async Task A_name_or_run_that_will_not_do_is_refused_and_nothing_is_changed(string arguments, string sentence)
    {
        var runs = new FinishedRuns(At("runs"));
        foreach (var run in new[] { "one", "two", "running", "damaged" })
        {
            runs.Add(run, [0.1]);
        }

        runs.Add("there", [0.1], summary => summary with { Where = "127.0.0.1:1" });
        runs.Add("next", [0.1], summary => summary with { State = "interrupted" }, $"start.state={At("runs", "two", "state.safetensors")}");
        await File.WriteAllTextAsync(At("runs", "damaged", "summary.json"), "[1]");
        using var running = new FileStream(At("runs", "running", ".running"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var before = Everything();

        var refused = await Run(["runs", "rename", .. arguments.Split(' ')]);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(sentence, Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public async Task A_renaming_that_was_cut_short_is_finished_by_the_same_command()
    {
        var runs = new FinishedRuns(At("runs"));
        runs.Add("first", [0.1], summary => summary with { Run = "second", Output = At("runs", "second") });

        var renamed = await Run("runs", "rename", "first", "second");

        Assert.True(renamed.ExitCode == 0, renamed.Error);
        Assert.Equal([At("runs", "second")], Directory.GetFileSystemEntries(At("runs")));
    }

    private List<(string, string)> Everything() =>
        [
            .. Directory
                .EnumerateFiles(At("runs"), "*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => (file, File.ReadAllText(file))),
        ];
}
