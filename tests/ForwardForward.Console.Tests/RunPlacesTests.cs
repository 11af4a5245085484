using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;
using ForwardForward.Console.Verbs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Tests;

/// <summary>Runs wherever they are: in this process's folder, in another process, on a cluster that may not answer.</summary>
public sealed class RunPlacesTests : Workplace
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(
        "killed",
        "",
        "The run 'killed' has no checkpoint to go on from: it is here (*), but it was stopped before it had taken one; `ff "
            + "train runs/killed/spec.json --name killed-again` begins it anew."
    )]
    [InlineData(
        "never",
        "",
        "The run 'never' has no checkpoint to go on from: it is here (*), but checkpoint.everySlots is 0, so that it takes "
            + "none; `ff train runs/never/spec.json --name never-again` begins it anew."
    )]
    [InlineData(
        "broken",
        "failed",
        "The run 'broken' has no checkpoint to go on from: it is here (*), but it failed before it had taken one (Layer 1 "
            + "diverged); `ff train runs/broken/spec.json --name broken-again` begins it anew."
    )]
    [InlineData("over", "done", "The run 'over' is done; there is nothing to go on with.")]
    [InlineData("half", "", "runs/half has no spec.json, which says what its run is, expected the folder of a whole run.")]
    [InlineData(
        "lost",
        "running 127.0.0.1:1",
        "The run 'lost' is on the cluster 127.0.0.1:1, which does not answer; what was measured until it was last heard of is in *."
    )]
    [InlineData("killd", "", "There is no run 'killd' in runs; did you mean 'killed'?")]
    public async Task What_cannot_go_on_is_said_to_be_where_it_is_with_what_to_do(string run, string state, string sentence)
    {
        await Folder_of("killed");
        if (run is not ("half" or "killd" or "killed"))
        {
            await Folder_of(run, run == "never" ? ["--set", "checkpoint.everySlots=0"] : []);
        }

        if (run == "half")
        {
            Directory.CreateDirectory(At("runs", "half", "checkpoints"));
        }

        if (state.Split(' ') is [{ Length: > 0 } said, .. var where])
        {
            var told = Summary(run) with { State = said, Error = "Layer 1 diverged.", Where = where.FirstOrDefault() };
            await File.WriteAllTextAsync(
                At("runs", run, where.Length == 0 ? "summary.json" : "status.json"),
                where.Length == 0 ? JsonSerializer.Serialize(told, CommandLine.Json.Indented) : new RunBulletin(told, null).Write()
            );
        }

        var refused = await Run("resume", run);

        Assert.Equal((state.StartsWith("running", StringComparison.Ordinal) ? 3 : 2, ""), (refused.ExitCode, refused.Output));
        Assert.Matches(
            "^" + string.Join(".+", sentence.Split('*').Select(System.Text.RegularExpressions.Regex.Escape)) + "$",
            refused.Error.Trim()
        );
    }

    [Fact]
    public async Task A_run_of_another_process_is_followed_and_stopped_as_Ctrl_C_does()
    {
        using var running = Console.Start(["train", .. Small, "--epochs", "100000", "--name", "long"]);
        while (await running.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }

        using var watching = Console.Start("watch", "long");
        while (await watching.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }

        var shown = await Run("runs", "show", "long", "--json");
        var stopped = await Run("stop", "long", "--json");
        var (trained, watched) = (await Ff.Finish(running), await Ff.Finish(watching));
        var again = await Run("stop", "long");

        Assert.Equal(("running", "here"), (shown.Json.GetProperty("state").GetString(), shown.Json.GetProperty("where").GetString()));
        Assert.True(shown.Json.GetProperty("slots").GetInt64() > shown.Json.GetProperty("slot").GetInt64(), shown.Output);
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Equal(
            ("paused", stopped.Json.GetProperty("lastCheckpointSlot").GetInt64() + 1),
            (stopped.Json.GetProperty("state").GetString(), stopped.Json.GetProperty("slot").GetInt64())
        );
        Assert.Equal((130, true), (trained.ExitCode, trained.Error.Contains("`ff resume long` goes on.", StringComparison.Ordinal)));
        Assert.Equal((1, "The run was interrupted. `ff resume long` goes on."), (watched.ExitCode, watched.Error.Trim()));
        Assert.Equal((2, "The run 'long' is interrupted here, expected one that is running."), (again.ExitCode, again.Error.Trim()));
        Assert.False(File.Exists(At("runs", "long", "status.json")));
        Assert.False(File.Exists(At("runs", "long", ".stop")));
    }

    [Fact]
    public async Task A_cluster_that_is_held_still_costs_the_list_a_line_and_no_failure()
    {
        await Folder_of("mine");
        using var still = new TcpListener(IPAddress.Loopback, 0);
        still.Start();
        var gateway = $"127.0.0.1:{((IPEndPoint)still.LocalEndpoint).Port}";
        var state = Directory.CreateDirectory(At("state", "forwardforward", "cluster")).FullName;
        var silo = new LocalSilo("silo-1", Environment.ProcessId, gateway, gateway, "http://127.0.0.1:1");
        new ClusterFile(
            new LocalClusterStatus("forwardforward", null, null, [silo]),
            [ProcessMark.Of("silo-1", Environment.ProcessId)]
        ).Write(state);

        var listed = await Run("runs", "--json");
        var asked = await Run("watch", "yours");

        Assert.Equal((0, $"The cluster at {gateway} does not answer; its runs are not listed."), (listed.ExitCode, listed.Error.Trim()));
        Assert.Equal(("mine", "here"), (listed.Json[0].GetProperty("run").GetString(), listed.Json[0].GetProperty("where").GetString()));
        Assert.Equal(
            (2, $"There is no run 'yours' in runs, and the cluster at {gateway} does not answer."),
            (asked.ExitCode, asked.Error.Trim())
        );
    }

    [Fact]
    public void A_run_of_a_cluster_that_is_followed_here_is_one_row_with_the_numbers_of_the_cluster()
    {
        var followed = Summary("both") with { Where = "127.0.0.1:30000", StartedAt = Noon, Output = Folder };
        var status = Status("both", Noon) with { Recoveries = 1 };
        RunSummary Told(RunStatus there, string? folder) =>
            Summary(there.Run) with
            {
                Where = "127.0.0.1:30000",
                StartedAt = there.StartedAt,
                Recoveries = there.Recoveries,
                Output = folder,
            };

        var together = RunSearch.Together(
            [followed, Summary("both") with { Where = "here", StartedAt = Noon.AddHours(-1), Output = "elsewhere" }],
            [status, Status("there", Noon.AddHours(1))],
            Told
        );

        Assert.Equal(
            [("there", 0, null), ("both", 1, Folder), ("both", 0, "elsewhere")],
            together.Select(run => (run.Run, run.Recoveries, run.Output))
        );
    }

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    public void The_list_fits_the_terminal_and_keeps_names_and_states_whole(int width)
    {
        var runs = new[]
        {
            Summary("supervised-quick-1") with
            {
                State = "interrupted",
                Where = "127.0.0.1:30000",
                Dataset = "fashion-mnist",
                Epoch = 60,
                Epochs = 60,
                TestErrorFast = 0.1032,
                TestErrorGoodness = 0.1,
                Seconds = 754,
                Recoveries = 12,
                SamplesPerSecond = 123456,
            },
            Summary("a") with
            {
                State = "done",
            },
        };
        using var output = new StringWriter();

        RunTable.Write(output, runs, width);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.StartsWith("supervised-quick-1  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("  interrupted", lines[1], StringComparison.Ordinal);
        Assert.Equal(width >= 60, lines[1].Contains("127.0.0.1:30000", StringComparison.Ordinal));
        Assert.Equal(width >= 80, lines[1].Contains("10.32 %", StringComparison.Ordinal));
    }

    private async Task Folder_of(string run, params string[] more)
    {
        Directory.CreateDirectory(At("runs", run));
        var shown = await Run("presets", "show", "supervised-quick");
        var spec = SpecReader.Set(SpecReader.Parse(shown.Output, "preset"), [.. more.Skip(1)]);
        await File.WriteAllTextAsync(At("runs", run, "spec.json"), SpecReader.Write(spec));
    }

    private static RunSummary Summary(string run) =>
        new()
        {
            Run = run,
            State = "running",
            Dataset = "tiny",
            Epochs = 2,
            Seed = 1,
            Precision = Precision.Fp32,
            Output = null,
        };

    private static RunStatus Status(string run, DateTimeOffset started) =>
        new()
        {
            Run = run,
            State = RunState.Running,
            Spec = new ExperimentSpec(),
            StartedAt = started,
        };
}
