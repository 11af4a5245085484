using System.Net;
using System.Net.Sockets;
using ForwardForward.Client.Processes;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Who may join a cluster.</summary>
public sealed class JoinTests(BreakableCluster cluster) : IClassFixture<BreakableCluster>
{
    [RedisFact]
    public async Task A_silo_that_would_compute_other_bits_is_refused_with_both_kernels_in_the_sentence()
    {
        await using var silo = Joining("silo-9", ("DOTNET_EnableAVX2", "0"));

        var (exitCode, error) = await silo.End();

        Assert.Equal(2, exitCode);
        Assert.Matches(
            @"^The silo silo-9 may not join the cluster 'forwardforward' beside silo-\d \(127\.0\.0\.1:\d+\): its kernels are "
                + @"cpu/.*/sse/.*, but the cluster's are cpu/.*\.$",
            error
        );
        Assert.Single(error.Split('\n'));
    }

    [RedisFact]
    public async Task A_silo_that_joins_later_takes_layers_of_later_runs()
    {
        await using var silo = Joining("silo-3");
        await silo.Active();

        var run = await cluster.Train("--json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            ["silo-1", "silo-2", "silo-3"],
            run.Json.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString()).Order()
        );
        Assert.Equal(await cluster.ReferenceHash(), run.Json.GetProperty("stateHash").GetString());
    }

    [RedisFact]
    public async Task A_run_that_needs_a_plug_in_which_a_silo_lacks_is_refused_with_both_in_the_sentence_and_its_name_stays_free()
    {
        var plugin = Path.Combine(AppContext.BaseDirectory, "plugins", "OwnParts.dll");
        var refused = await cluster.Train("--name", "plugged", "--plugin", plugin, "--set", "negatives.kind=nearby");
        var without = await cluster.Train("--name", "plugged", "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Matches(
            @"^The plug-in OwnParts [0-9.]+ \([0-9a-f]{12}\) is not there on the silo silo-\d; expected it in FF_PLUGINS of "
                + @"every silo\.\n$",
            refused.Error
        );
        Assert.True(without.ExitCode == 0, without.Error);
        Assert.Equal(await cluster.ReferenceHash(), without.Json.GetProperty("stateHash").GetString());
    }

    [RedisFact]
    public async Task A_silo_of_another_cluster_id_stands_apart()
    {
        await using var silo = Joining("silo-4", ("FF_CLUSTER_ID", "another"));
        await silo.Active();

        var run = await cluster.Console.Run([
            .. LocalClusterFixture.Request("--json", "--cluster", cluster.Redis, "--cluster-id", "another"),
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            ["silo-4"],
            run.Json.GetProperty("plan").EnumerateArray().Select(place => place.GetProperty("silo").GetString()).Distinct()
        );
    }

    [RedisFact]
    public async Task Of_silos_that_start_at_once_with_folders_that_only_are_said_to_be_shared_one_stays()
    {
        await using FragileSilo one = Parted("one"),
            two = Parted("two");
        Task<(int ExitCode, string Error)>[] ends = [one.End(), two.End()];

        var refused = await Task.WhenAny(ends);

        var (exitCode, error) = await refused;
        Assert.Equal(2, exitCode);
        Assert.Matches(
            @"^The silo (one|two) may not join the cluster 'parted' beside (two|one) \(127\.0\.0\.1:\d+\): its checkpoint "
                + @"folder \S+/(one|two) is said to be shared, but what (two|one) keeps in \S+/(two|one) is not to be seen there; .* "
                + @"FF_CHECKPOINTS_SHARED=false .*\.$",
            error
        );
        Assert.Single(error.Split('\n'));
        Assert.False(ends.Single(end => end != refused).IsCompleted, "Both silos ended.");

        FragileSilo Parted(string name) =>
            Joining(name, ("FF_CLUSTER_ID", "parted"), ("FF_CHECKPOINT_FOLDER", Path.Combine(cluster.Folder, name)));
    }

    private FragileSilo Joining(string name, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["FF_REDIS"] = cluster.Redis,
            ["FF_CHECKPOINT_FOLDER"] = Path.Combine(cluster.Folder, "state", "forwardforward", "cluster", "checkpoints"),
        };
        Array.ForEach(more, setting => settings[setting.Name] = setting.Value);
        return FragileSilo.Start(cluster.Folder, name, new SiloPlace(SiloPlace.Loopback, FreePort(), FreePort(), FreePort()), settings);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
