using System.Text.Json;
using ForwardForward.Chaos;
using ForwardForward.Client;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A cluster of silo processes that the console has started in a folder of its own; gone after the tests.</summary>
public abstract class LocalClusterFixture(int silos, params string[] more) : IAsyncLifetime
{
    /// <summary>A network that trains in a blink.</summary>
    private static readonly string[] Small =
    [
        "--data",
        "tiny",
        "--set",
        "layers=32,64,32",
        "--set",
        "batchSize=20",
        "--set",
        "epochs=3",
        "--set",
        "precision=fp32",
    ];

    public static bool CanRun => new RedisFactAttribute().Skip is null;

    internal Ff Console { get; private set; } = null!;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("ff-cluster-").FullName;

    /// <summary>What <c>cluster up --json</c> printed.</summary>
    internal JsonElement Up { get; set; }

    /// <summary>What all silos have logged.</summary>
    internal string Logs =>
        string.Concat(
            Directory.GetFiles(Path.Combine(Folder, "state", "forwardforward", "cluster"), "silo-*.log").Select(File.ReadAllText)
        );

    internal string Redis => Up.GetProperty("redis").GetString()!;

    public async Task InitializeAsync()
    {
        TinyIdx.Write(Path.Combine(Folder, "tiny"));
        Console = new Ff(Folder);
        if (CanRun)
        {
            var up = await Console.Run(["cluster", "up", "--silos", $"{silos}", "--json", .. more]);
            Assert.True(up.ExitCode == 0, up.Error);
            Up = up.Json;
        }
    }

    public async Task DisposeAsync()
    {
        await Console.Run("cluster", "down", "--purge", "--yes");
        Directory.Delete(Folder, recursive: true);
    }

    internal JsonElement Silo(int number) => Up.GetProperty("silos")[number - 1];

    internal string Gateway(int number) => Silo(number).GetProperty("gateway").GetString()!;

    internal static string[] Request(params string[] more) => ["train", .. Small, .. more];

    internal Task<FfResult> Train(params string[] more) => Console.Run([.. Request("--cluster", Gateway(1)), .. more]);

    /// <summary>The state hash of the same spec on the sequential trainer.</summary>
    internal async Task<string> ReferenceHash(params string[] more)
    {
        var reference = await Console.Run([
            .. Request("--reference", "--json", "--out", Path.Combine("reference", Guid.NewGuid().ToString("N"))),
            .. more,
        ]);
        Assert.True(reference.ExitCode == 0, reference.Error);
        return reference.Json.GetProperty("stateHash").GetString()!;
    }

    /// <summary>Runs until it is killed or stopped, and says its name once the first slots are through.</summary>
    internal async Task<string> StartEndless(string name, params string[] more)
    {
        var started = await Train([.. more, "--epochs", "100000", "--detach", "--json", "--name", name]);
        Assert.True(started.ExitCode == 0, started.Error);
        await Until(name, run => run.Slot > 0);
        return started.Json.GetProperty("run").GetString()!;
    }

    /// <summary>Asks for the run until it is as wanted.</summary>
    internal async Task<RunStatus> Until(string run, Func<RunStatus, bool> wanted)
    {
        await using var client = await Client();
        var coordinator = client.Grains.GetGrain<IExperimentGrain>(run);
        RunStatus? status = null;
        await Event.Of(
            $"the run {run} is as wanted",
            async () => wanted(status = await coordinator.Status()),
            TimeSpan.FromMinutes(2),
            () => $"It is {status!.State} at slot {status.Slot}. {status.Error}"
        );
        return status!;
    }

    /// <summary>
    /// Waits until a run has kept its state after what it has done by now, and holds every state that it has kept against the reference.
    /// </summary>
    internal async Task<RunStatus> GoesOnAsTheReference(string run)
    {
        var reached = await Until(run, status => status.State == RunState.Running);
        await using var client = await Client();
        return await ReferenceTraces.Hold(reached.Slot, client.Grains.GetGrain<IExperimentGrain>(run).Watch);
    }

    /// <summary>Of the tests' own process, which is there at once where a console takes seconds.</summary>
    private protected virtual Task<ClusterConnection> Client() =>
        ClusterConnection.Connect(Gateway(1), ClusterConnection.DefaultClusterId, CancellationToken.None);
}

/// <summary>Three silos that tests share, because they leave them as they were.</summary>
public sealed class SharedCluster() : LocalClusterFixture(3);

/// <summary>Three silos that let nobody in without a certificate.</summary>
public sealed class SecureCluster() : LocalClusterFixture(3, more: "--tls")
{
    /// <summary>Of the authority and what it has issued.</summary>
    internal string Certificates => Path.Combine(Folder, "state", "forwardforward", "cluster", "tls");

    internal Task<ClusterConnection> Client(ClusterRole role) =>
        ClusterConnection.Connect(
            Gateway(1),
            ClusterConnection.DefaultClusterId,
            CancellationToken.None,
            handshake: new Handshake(
                new CertificateFolder(ForwardForward.Console.Clusters.Certificates.FolderOf(Certificates, role)),
                ClusterConnection.DefaultClusterId
            )
        );

    private protected override Task<ClusterConnection> Client() => Client(ClusterRole.Operator);
}

/// <summary>Two silos for a test that breaks them.</summary>
public sealed class BreakableCluster() : LocalClusterFixture(2);
