using ForwardForward.Client.Processes;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Learning;
using StackExchange.Redis;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>What a cluster that is taken down keeps, and what it does not.</summary>
public sealed class DownTests
{
    private static readonly ClusterTraits Before = new("forwardforward", Redis: null, Silos: 3, SharesCheckpoints: true);

    [RedisFact]
    public async Task Down_keeps_runs_which_go_on_with_the_next_up_and_purge_leaves_no_process_and_no_file()
    {
        var cluster = new BreakableCluster();
        try
        {
            await cluster.InitializeAsync();
            var finished = await cluster.Train("--name", "finished");
            Assert.True(finished.ExitCode == 0, finished.Error);
            await cluster.StartEndless("going");
            int[] pids = [.. cluster.Up.GetProperty("silos").EnumerateArray().Select(silo => silo.GetProperty("pid").GetInt32())];

            var down = await cluster.Console.Run("cluster", "down");
            var status = await cluster.Console.Run("cluster", "status", "--json");
            var stranger = await cluster.Console.Run("cluster", "up", "--cluster-id", "another");
            var unasked = await cluster.Console.Run("cluster", "down", "--purge");

            Assert.Matches(
                @"^Stopped 3 processes\. 2 runs \(finished, going\) are kept in \S+: `ff cluster up` has them again",
                down.Output
            );
            Assert.All(pids, pid => Assert.False(ProcessMark.Of("silo", pid).IsAlive));
            Assert.Equal(
                ["finished", "going"],
                status.Json.GetProperty("kept").GetProperty("runs").EnumerateArray().Select(run => run.GetString())
            );
            Assert.Equal((2, 2), (stranger.ExitCode, unasked.ExitCode));
            Assert.StartsWith(
                "--cluster-id is 'another', but each of the 2 runs (finished, going) kept here",
                stranger.Error,
                StringComparison.Ordinal
            );
            Assert.EndsWith("expected --yes with it; nothing was removed.", unasked.Error.Trim(), StringComparison.Ordinal);

            var up = await cluster.Console.Run("cluster", "up", "--json");
            Assert.True(up.ExitCode == 0, up.Error);
            var gateway = up.Json.GetProperty("silos")[1].GetProperty("gateway").GetString()!;
            var asked = await cluster.Console.Run(
                "predict",
                "finished",
                Path.Combine("tiny", "t10k-images-idx3-ubyte"),
                "--cluster",
                gateway,
                "--json"
            );
            cluster.Up = up.Json;
            var going = await cluster.GoesOnAsTheReference("going");
            var purged = await cluster.Console.Run("cluster", "down", "--purge", "--yes");

            Assert.True(asked.ExitCode == 0, asked.Error);
            Assert.Equal(2, up.Json.GetProperty("silos").GetArrayLength());
            Assert.Equal((0, 0L), (going.Recoveries, going.RedoneSlots));
            Assert.Contains("Stopped 3 processes. Removed ", purged.Output, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(cluster.Folder, "state", "forwardforward")));
            await Assert.ThrowsAsync<RedisConnectionException>(() =>
                ConnectionMultiplexer.ConnectAsync(up.Json.GetProperty("redis").GetString()!)
            );
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public void The_next_cluster_is_as_the_last_one_was_where_nothing_else_is_asked_for()
    {
        var last = Before with { ClusterId = "mine", Redis = "here:1", Silos = 5, SharesCheckpoints = false };

        Assert.Equal(last, ClusterTraits.Of(new LocalClusterRequest(), last, ["a"], shares: null));
        Assert.Equal(Before, ClusterTraits.Of(new LocalClusterRequest(), last: null, [], shares: null));
        var mixed = ClusterTraits.Of(new LocalClusterRequest(Mixed: true), last, ["a"], shares: null);
        Assert.Equal(
            (true, last with { IsMixed = true }),
            (mixed.IsMixed, ClusterTraits.Of(new LocalClusterRequest(), mixed, ["a"], null))
        );
        Assert.False(ClusterTraits.Of(new LocalClusterRequest(Mixed: false), mixed, ["a"], shares: null).IsMixed);
        Assert.Equal(7, ClusterTraits.Of(new LocalClusterRequest(Silos: 7), last, ["a"], shares: false).Silos);
        Assert.Equal(1, ClusterTraits.Of(new LocalClusterRequest(Silos: 1), Before, ["a"], shares: true).Silos);
    }

    [Fact]
    public void What_would_lose_sight_of_runs_is_refused_and_allowed_where_there_are_none()
    {
        Refused(
            "--cluster-id is 'other', but the run (a) kept here belongs to the cluster 'forwardforward': expected that id or none",
            new LocalClusterRequest(ClusterId: "other")
        );
        Refused(
            "--redis is 'here:1', but the run (a) kept here is in the cluster's own Redis: expected no --redis",
            new LocalClusterRequest(Redis: "here:1")
        );
        Refused(
            "FF_CHECKPOINTS_SHARED is false, but the run (a) kept here has its checkpoints in one folder for all silos: "
                + "expected true or nothing",
            new LocalClusterRequest(),
            shares: false
        );
        Refused(
            "--silos is '2', but the run (a) kept here has its checkpoints in the folders of 3 silos: expected 3 or more",
            new LocalClusterRequest(Silos: 2),
            Before with
            {
                SharesCheckpoints = false,
            }
        );
        Refused(
            "--redis is 'here:2', but the run (a) kept here is in the Redis at here:1: expected that one or none",
            new LocalClusterRequest(Redis: "here:2"),
            Before with
            {
                Redis = "here:1",
            }
        );
    }

    [Fact]
    public void A_file_of_a_cluster_that_an_older_version_started_is_read_and_a_damaged_one_is_named()
    {
        using var folder = new Learning.Tests.Data.TemporaryFolder();
        var file = folder["cluster.json"];

        File.WriteAllText(file, """{"cluster":{"clusterId":"old","redis":"127.0.0.1:1","prometheus":null,"silos":[]},"processes":[]}""");
        var old = ClusterFile.Read(folder.Root);
        File.WriteAllText(file, "{");
        var damaged = Assert.Throws<InvalidInputException>(() => ClusterFile.Read(folder.Root));

        Assert.Equal(("old", null, null), (old!.Cluster.ClusterId, old.Traits, old.Runs));
        Assert.StartsWith($"{file} is damaged", damaged.Message, StringComparison.Ordinal);
    }

    private static void Refused(string sentence, LocalClusterRequest request, ClusterTraits? last = null, bool? shares = null)
    {
        last ??= Before;
        var refused = Assert.Throws<InvalidInputException>(() => ClusterTraits.Of(request, last, ["a"], shares));

        Assert.StartsWith(sentence, refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(last, ClusterTraits.Of(request, last, runs: [], shares));
    }
}
