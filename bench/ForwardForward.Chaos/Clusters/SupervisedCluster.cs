using ForwardForward.Chaos.Networks;
using ForwardForward.Client.Processes;

namespace ForwardForward.Chaos.Clusters;

/// <summary>Supervised silos and the Redis they meet in, to be measured or broken; no process of it outlives it.</summary>
public sealed class SupervisedCluster : IAsyncDisposable
{
    private const int RedisPort = 6390; // the first to try
    private readonly CancellationTokenSource _ends = new();
    private readonly RedisProcess _redis;
    private Task _supervision = Task.CompletedTask;

    private SupervisedCluster(ISiloNetwork network, string folder, int silos, string program)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        _redis = new RedisProcess(network.HostAddress, new FreePorts().Next(RedisPort), Folder);
        Silos = [.. Enumerable.Range(0, silos).Select(number => new SupervisedSilo(number, network, Redis, Folder, program))];
    }

    /// <summary>HOST:PORT.</summary>
    public string Redis => _redis.Address;

    public IReadOnlyList<SupervisedSilo> Silos { get; }

    /// <summary>Logs, checkpoints, Redis's file.</summary>
    public string Folder { get; }

    /// <param name="program">What every silo's process runs; it lies beside this program.</param>
    /// <exception cref="Learning.InvalidInputException">Neither Redis nor Valkey is installed.</exception>
    public static async Task<SupervisedCluster> Start(
        ISiloNetwork network,
        string folder,
        int silos,
        CancellationToken cancellation,
        string program = SiloProcess.Silo
    )
    {
        await using var ports = await PortLock.Take(cancellation);
        var cluster = new SupervisedCluster(network, folder, silos, program);
        try
        {
            await cluster.StartRedis(cancellation);
            cluster._supervision = Task.WhenAll(cluster.Silos.Select(silo => silo.Supervise(cluster._ends.Token)));
            await cluster.Whole(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every silo is active.</summary>
    /// <exception cref="InvalidOperationException">One is not after two minutes.</exception>
    public Task Whole(CancellationToken cancellation) => Task.WhenAll(Silos.Select(silo => silo.Active(cancellation)));

    public void KillRedis() => _redis.Mark?.Kill();

    /// <summary>Starts Redis with what it has in its file, and waits until it answers.</summary>
    public Task StartRedis(CancellationToken cancellation) => _redis.Start(cancellation);

    /// <summary>Starts a console that watches a run.</summary>
    public ProcessMark StartWatcher(string run)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "ff.dll"), "watch", run, "--cluster", Redis];
        return BackgroundProcess.Start("watcher", "dotnet", arguments, Path.Combine(Folder, "watcher.log"));
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _supervision;
        foreach (var process in Silos.Select(silo => silo.Process).Append(_redis.Mark).OfType<ProcessMark>())
        {
            process.Kill();
            await process.Gone();
        }

        _ends.Dispose();
    }
}
