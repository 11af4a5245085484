using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A sweep whose trials a cluster has.</summary>
public sealed partial class ClusterRunTests
{
    [RedisFact]
    public async Task Trials_of_a_sweep_outlive_the_console_and_another_one_reads_how_they_ended()
    {
        string[] command =
        [
            .. LocalClusterFixture.Request("--set", "trainImages=100", "--grid", "optimizer.learningRate=0.01,0.02", "--name", "swept"),
            "--cluster",
            cluster.Gateway(1),
        ];
        command = ["sweep", "supervised-quick", .. command[1..]];
        using (var killed = cluster.Console.Start([.. command, "--parallel", "2"]))
        {
            await Event.Of("a trial is on the cluster", async () => (await Names()).Contains("swept-trial-001"), TimeSpan.FromMinutes(1));
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        await cluster.Until("swept-trial-001", run => run.State == RunState.Done); // nobody watches it
        var resumed = await cluster.Console.Run("sweep", "--resume", "swept", "--json");
        var again = await cluster.Console.Run([.. command, "--json"]);
        var taken = await cluster.Console.Run([.. command, "--out", "elsewhere/swept", "--set", "trainImages=90"]);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal((0, resumed.Output), (again.ExitCode, again.Output));
        foreach (var trial in resumed.Json.EnumerateArray())
        {
            var folder = Path.Combine("runs", "swept", trial.GetProperty("folder").GetString()!);
            var alone = await cluster.Console.Run(["train", Path.Combine(folder, "spec.json"), "--reference", "--json"]);
            Assert.Equal("done", trial.GetProperty("state").GetString());
            Assert.Equal(alone.Json.GetProperty("stateHash").GetString(), trial.GetProperty("stateHash").GetString());
        }

        Assert.Equal((2, "The cluster has runs of another sweep 'swept' already: choose another --name.\n"), (taken.ExitCode, taken.Error));
        Assert.False(Directory.Exists(Path.Combine(cluster.Folder, "elsewhere")));
    }

    private async Task<IReadOnlyList<string>> Names()
    {
        await using var client = await ClusterConnection.Connect(
            cluster.Gateway(1),
            ClusterConnection.DefaultClusterId,
            CancellationToken.None
        );
        return await new ClusterRuns(client).Names();
    }
}
