using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ForwardForward.Cluster.Tests.Deploy;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Runs on three silo processes, from consoles that come and go.</summary>
public sealed partial class ClusterRunTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [RedisFact]
    public async Task A_run_on_three_processes_ends_in_the_bytes_of_the_reference()
    {
        var result = await cluster.Train("--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(await cluster.ReferenceHash(), result.Json.GetProperty("stateHash").GetString());
        Assert.Equal(3, result.Json.GetProperty("silos").GetInt32());
        MatrixRateShare.AssertIn(result.Json);
        var shown = await cluster.Console.Run(
            "runs",
            "show",
            result.Json.GetProperty("run").GetString()!,
            "--cluster",
            cluster.Gateway(2),
            "--json"
        );
        Assert.Equal(["silo-1", "silo-2", "silo-3"], Texts(shown.Json.GetProperty("plan"), "silo").Order());
        Assert.Equal(
            Texts(cluster.Up.GetProperty("silos"), "siloEndpoint").Order(),
            Texts(shown.Json.GetProperty("plan"), "endpoint").Order()
        );
        Assert.Equal(result.Json.GetProperty("stateHash").GetString(), shown.Json.GetProperty("stateHash").GetString());
        string[] files =
        [
            .. Directory.GetFiles(result.Json.GetProperty("output").GetString()!).Select(Path.GetFileName).Order(StringComparer.Ordinal)!,
        ];
        Assert.Equal(["metrics.jsonl", "spec.json", "summary.json"], files);
        await IsOneRun(result.Json.GetProperty("run").GetString()!, result.Json.GetProperty("output").GetString()!);
    }

    // Followed from here, it is in ./runs and on the cluster.
    private async Task IsOneRun(string run, string folder)
    {
        await cluster.Console.Run([.. LocalClusterFixture.Request("--reference", "--name", "control")]);

        var list = await cluster.Console.Run("runs", "--json");
        var exported = await cluster.Console.Run("export", run, "-o", "cluster.safetensors", "--json");
        await cluster.Console.Run("export", "control", "-o", "control.safetensors");
        var reported = await cluster.Console.Run("report", run, "--json");
        var taken = await cluster.Train("--name", "control", "--detach");
        Directory.Delete(folder, recursive: true);
        var takenThere = await cluster.Console.Run([.. LocalClusterFixture.Request("--name", run)]);

        var row = Assert.Single(list.Json.EnumerateArray(), row => row.GetProperty("run").GetString() == run);
        Assert.Equal(folder, row.GetProperty("output").GetString());
        Assert.Contains(row.GetProperty("where").GetString(), new[] { 1, 2, 3 }.Select(cluster.Gateway)); // one that answers
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal(Weights("control.safetensors"), Weights("cluster.safetensors"));
        Assert.True(reported.ExitCode == 0, reported.Error);
        Assert.Equal((2, "There is a run named 'control' in runs already: choose another --name."), (taken.ExitCode, taken.Error.Trim()));
        Assert.Equal(
            (2, true),
            (
                takenThere.ExitCode,
                takenThere.Error.StartsWith($"There is a run named '{run}' on the cluster at 127.0.0.1:", StringComparison.Ordinal)
            )
        );
    }

    private string[] Weights(string file)
    {
        using var stream = File.OpenRead(Path.Combine(cluster.Folder, file));
        return
        [
            .. Safetensors
                .Read(stream, stream.Length, file)
                .Tensors.Select(tensor =>
                    $"{tensor.Name} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.Data.Span))}"
                ),
        ];
    }

    // Left out where the machine was busy while its matrix rate was measured, as it is beside other tests.
    private const string ShareOfMatrixRate = "ff_run_matrix_rate_utilization";
    private static readonly string[] OfStreams = ["ff_prequential_error", "ff_run_streamed"]; // there for a run that learns from one

    [RedisFact]
    public async Task Silos_that_train_show_every_metric_that_is_documented()
    {
        var documented = File.ReadLines(Repository.At("docs/metrics.md"))
            .Where(line => line.StartsWith("| `ff.", StringComparison.Ordinal))
            .Select(line => line.Split('`')[3])
            .ToList();
        var run = await cluster.StartEndless("shown");
        using var client = new HttpClient();

        List<string> missing = documented;
        await Event.Of(
            "every metric is there",
            async () =>
            {
                await Asked($"teach?run={run}&label=1&id=once");
                await Asked($"predict?run={run}");
                var pages = await Task.WhenAll(
                    new[] { 1, 2, 3 }.Select(silo =>
                        client.GetStringAsync(new Uri($"{cluster.Silo(silo).GetProperty("http").GetString()}/metrics"))
                    )
                );
                missing = [.. documented.Where(name => !pages.Any(page => Shows(page, name, run)))];
                return missing.Except(["ff_checkpoint_failures_total", ShareOfMatrixRate, .. OfStreams]).ToList() is [];
            },
            TimeSpan.FromMinutes(2),
            () => string.Join(", ", missing)
        );
        var stopped = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1));

        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.True(documented.Count > 20);
        Assert.Contains(ShareOfMatrixRate, documented);
        Assert.Empty(OfStreams.Except(documented));

        async Task Asked(string what)
        {
            using var picture = new ByteArrayContent(TaughtClusterTests.Sign(20));
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var answer = await client.PostAsync(new Uri($"{cluster.Silo(1).GetProperty("http").GetString()}/{what}"), picture);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [RedisFact]
    public async Task Redis_is_as_good_an_address_as_a_gateway()
    {
        var byRedis = await cluster.Console.Run([
            .. LocalClusterFixture.Request("--cluster", cluster.Redis, "--json", "--name", "by-redis"),
        ]);
        Assert.True(byRedis.ExitCode == 0, byRedis.Error);

        var list = await cluster.Console.Run("runs", "--cluster", cluster.Redis, "--json");

        Assert.Contains("by-redis", Texts(list.Json, "run"));
    }

    [RedisFact]
    public async Task Two_runs_at_once_do_not_mix()
    {
        var runs = await Task.WhenAll(cluster.Train("--json"), cluster.Train("--json", "--seed", "2"));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.Equal(
            [await cluster.ReferenceHash(), await cluster.ReferenceHash("--seed", "2")],
            runs.Select(run => run.Json.GetProperty("stateHash").GetString()!)
        );
        Assert.Equal(2, runs.Select(run => run.Json.GetProperty("run").GetString()).Distinct().Count());
    }

    [RedisFact]
    public async Task A_run_goes_on_when_its_console_is_killed_and_can_be_watched_by_several()
    {
        using var killed = cluster.Console.Start(
            LocalClusterFixture.Request("--epochs", "300", "--cluster", cluster.Gateway(1), "--name", "orphan")
        );
        while (await killed.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch 1/", StringComparison.Ordinal)) { }

        killed.Kill();
        var watchers = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(silo => cluster.Console.Run("watch", "orphan", "--cluster", cluster.Gateway(silo), "--json"))
        );

        Assert.All(watchers, watcher => Assert.True(watcher.ExitCode == 0, watcher.Error));
        Assert.Equal(
            [await cluster.ReferenceHash("--epochs", "300")],
            watchers.Select(watcher => watcher.Json.GetProperty("stateHash").GetString()!).Distinct()
        );
    }

    [RedisFact]
    public async Task A_stopped_run_waits_and_a_resumed_one_goes_on_in_the_same_bytes()
    {
        await cluster.StartEndless("pausing");

        var stopped = await cluster.Console.Run("stop", "pausing", "--cluster", cluster.Gateway(1), "--json");
        var first = await cluster.Until("pausing", run => run.State == RunState.Paused);
        var later = await cluster.Until("pausing", _ => true);
        var resumed = await cluster.Console.Run("resume", "pausing", "--cluster", cluster.Gateway(3), "--json");
        var after = await cluster.GoesOnAsTheReference("pausing");
        await cluster.Console.Run("stop", "pausing", "--cluster", cluster.Gateway(1));

        Assert.Equal("paused", stopped.Json.GetProperty("state").GetString());
        Assert.Equal((first.Seconds, first.Slot), (later.Seconds, later.Slot));
        Assert.Equal("running", resumed.Json.GetProperty("state").GetString());
        Assert.Equal((first.Slot, 0L), (after.FirstSlot, after.RedoneSlots));
    }

    [RedisFact]
    public async Task Ctrl_C_stops_the_watching_and_not_the_run()
    {
        var run = await cluster.StartEndless("endless");
        using var watching = cluster.Console.Start("watch", run, "--cluster", cluster.Gateway(1));
        await watching.StandardOutput.ReadLineAsync();

        using (var interrupt = Process.Start("kill", ["-INT", $"{watching.Id}"]))
        {
            await interrupt.WaitForExitAsync();
        }

        var watched = await Ff.Finish(watching);
        var shown = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1), "--json");

        Assert.Equal(130, watched.ExitCode);
        Assert.StartsWith($"Stopped watching; the run goes on: ff watch {run} --cluster", watched.Error, StringComparison.Ordinal);
        Assert.Equal("paused", shown.Json.GetProperty("state").GetString());
    }

    [RedisFact]
    public async Task Data_that_a_silo_does_not_have_is_refused_and_leaves_no_run()
    {
        var refused = await cluster.Console.Run("train", "--data", "/nowhere", "--cluster", cluster.Gateway(1), "--name", "no-data");
        var list = await cluster.Console.Run("runs", "--cluster", cluster.Gateway(1), "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Matches("^The silo silo-\\d cannot use the data: '/nowhere' is neither a data set nor a folder", refused.Error);
        Assert.DoesNotContain("no-data", Texts(list.Json, "run"));
        Assert.False(Directory.Exists(Path.Combine(cluster.Folder, "runs", "no-data")));
    }

    [RedisFact]
    public async Task An_unknown_run_and_a_taken_name_are_refused()
    {
        await cluster.Train("--json", "--name", "taken", "--out", "somewhere");

        var taken = await cluster.Train("--name", "taken", "--out", "elsewhere");
        var unknown = await cluster.Console.Run("watch", "takem", "--cluster", cluster.Gateway(1));

        Assert.Equal((2, 2), (taken.ExitCode, unknown.ExitCode));
        Assert.StartsWith("There is a run named 'taken' already", taken.Error, StringComparison.Ordinal);
        Assert.Contains("There is no run 'takem'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("taken", unknown.Error, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_client_of_another_cluster_id_is_told_so_soon()
    {
        var soon = TimeSpan.FromSeconds(30); // eight, and what the console needs to start on a machine that does much else
        foreach (var address in new[] { cluster.Gateway(1), cluster.Redis })
        {
            var watch = Stopwatch.StartNew();
            var refused = await cluster.Console.Run("runs", "--cluster", address, "--cluster-id", "another");

            Assert.Equal(3, refused.ExitCode);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, soon);
            Assert.Contains("the cluster 'another'", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));
        }
    }

    [RedisFact]
    public async Task Silos_as_they_are_deployed_have_no_grains_to_measure_the_transport_with()
    {
        var refused = await cluster.Console.Run("bench", "transport", "--cluster", cluster.Gateway(1), "--turns", "1");

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Equal(
            $"The silos of the cluster at {cluster.Gateway(1)} have nothing to measure with, "
                + "expected silos that ForwardForward.Benchmarks.Silo.dll runs.",
            refused.Error.Trim()
        );
    }

    [RedisFact]
    public async Task Status_shows_what_up_has_started_and_a_second_up_is_refused()
    {
        var status = await cluster.Console.Run("cluster", "status", "--json");
        var again = await cluster.Console.Run("cluster", "up");

        Assert.True(JsonElement.DeepEquals(cluster.Up, status.Json));
        Assert.Equal(["clusterId", "redis", "prometheus", "silos"], status.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["name", "pid", "siloEndpoint", "gateway", "http"],
            status.Json.GetProperty("silos")[0].EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal(2, again.ExitCode);
        Assert.StartsWith("A cluster of 3 silos is up already", again.Error, StringComparison.Ordinal);
    }

    // A histogram shows itself as its count.
    private static bool Shows(string page, string metric, string run) =>
        page.Split('\n')
            .Any(line =>
                line.Contains($"run=\"{run}\"", StringComparison.Ordinal)
                && (
                    line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + "_count{", StringComparison.Ordinal)
                )
            );

    private static IEnumerable<string> Texts(JsonElement array, string field) =>
        array.EnumerateArray().Select(item => item.GetProperty(field).GetString()!);
}
