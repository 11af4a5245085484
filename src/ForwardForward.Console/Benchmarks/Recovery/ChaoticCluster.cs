using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>Supervised silos and the Redis they meet in, to be broken; no process of it outlives it.</summary>
internal sealed class ChaoticCluster : IAsyncDisposable
{
    private const int RedisPort = 6390; // the first to try
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30), Pace = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _ends = new();
    private readonly ISiloNetwork _network;
    private readonly int _redisPort = new FreePorts().Next(RedisPort);
    private ProcessMark? _redis;
    private Task _supervision = Task.CompletedTask;

    private ChaoticCluster(ISiloNetwork network, string folder, int silos)
    {
        (_network, Folder) = (network, Directory.CreateDirectory(folder).FullName);
        Redis = $"{network.HostAddress}:{_redisPort}";
        Silos = [.. Enumerable.Range(0, silos).Select(number => new SupervisedSilo(number, network, Redis, Folder))];
    }

    /// <summary>HOST:PORT.</summary>
    public string Redis { get; }

    public IReadOnlyList<SupervisedSilo> Silos { get; }

    /// <summary>Logs, checkpoints, Redis's file.</summary>
    public string Folder { get; }

    /// <exception cref="Learning.InvalidInputException">redis-server is not installed.</exception>
    public static async Task<ChaoticCluster> Start(ISiloNetwork network, string folder, int silos, CancellationToken cancellation)
    {
        await using var ports = await PortLock.Take(cancellation);
        var cluster = new ChaoticCluster(network, folder, silos);
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

    public void KillRedis() => _redis?.Kill();

    /// <summary>Starts Redis with what it has in its file, and waits until it answers.</summary>
    public async Task StartRedis(CancellationToken cancellation)
    {
        var data = Directory.CreateDirectory(Path.Combine(Folder, "redis")).FullName;
        string[] arguments = [LocalCluster.Shipped("redis.conf"), "--port", $"{_redisPort}", "--bind", _network.HostAddress, "--dir", data, "--protected-mode", "no"];
        await (_redis?.Gone(cancellation) ?? Task.CompletedTask);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!await RedisAnswers(cancellation))
        {
            if (_redis is not { IsAlive: true })
            {
                _redis = BackgroundProcess.Start("redis", "redis-server", arguments, Path.Combine(Folder, "redis.log"));
            }

            if (waited.Elapsed > LongestStart)
            {
                throw new InvalidOperationException($"Redis did not answer at {Redis} within {LongestStart.TotalSeconds:0} s; see {Path.Combine(Folder, "redis.log")}.");
            }

            await Task.Delay(Pace, cancellation);
        }
    }

    /// <summary>Starts a console that watches a run.</summary>
    public ProcessMark StartWatcher(string run) =>
        BackgroundProcess.Start("watcher", "dotnet", [Path.Combine(AppContext.BaseDirectory, "ff.dll"), "watch", run, "--cluster", Redis], Path.Combine(Folder, "watcher.log"));

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _supervision;
        foreach (var process in Silos.Select(silo => silo.Process).Append(_redis).OfType<ProcessMark>())
        {
            process.Kill();
            while (process.IsAlive)
            {
                await Task.Delay(Pace);
            }
        }

        _ends.Dispose();
    }

    private async Task<bool> RedisAnswers(CancellationToken cancellation)
    {
        try
        {
            return (await ClusterAddress.Find(Redis, cancellation)).IsRedis;
        }
        catch (ClusterUnreachableException)
        {
            return false;
        }
    }
}
