using ForwardForward.Client;
using ForwardForward.Client.Processes;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>
/// Real silo processes on this machine, with the Redis they meet in: what <c>docker-compose.yml</c> starts, without Docker.
/// </summary>
/// <param name="folder">Where it keeps its files; a folder holds one cluster.</param>
internal sealed partial class LocalCluster(string folder)
{
    private const int RedisPort = 6379;
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int HttpPort = 8080;
    private const int PrometheusPort = 9090;
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly FreePorts _ports = new();
    private readonly List<ProcessMark> _started = [];
    private LocalClusterStatus _cluster = LocalClusterStatus.None;
    private ClusterTraits? _traits;

    /// <summary>The first that are tried, and what listens there; the silos take as many of theirs as there are silos.</summary>
    public static IReadOnlyList<(int Port, string Whose)> UsualPorts { get; } =
    [
        (RedisPort, "Redis"),
        (SiloPort, "silos"),
        (GatewayPort, "gateways"),
        (HttpPort, "pages of the silos"),
        (PrometheusPort, "Prometheus"),
    ];

    /// <summary>The one that `ff cluster` starts, shows and stops.</summary>
    public static LocalCluster OfUser => new(ClusterFile.FolderOfUser);

    /// <summary>
    /// Starts everything and waits until it is ready; what was started is stopped again if that fails. A cluster that was taken down, was
    /// killed, or has lost some of its processes, gets those it lacks, with its runs as they were.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// One is up already, a program is missing, or the runs that are kept would not be found.
    /// </exception>
    public async Task<LocalClusterStatus> Up(LocalClusterRequest request, CancellationToken cancellation)
    {
        var there = ClusterFile.Read(folder);
        if (there is { Processes.Count: > 0 } && there.Living.Count == there.Processes.Count)
        {
            throw new InvalidInputException(
                $"A cluster of {there.Cluster.Silos.Count} silos is up already; `ff cluster down` stops it, `ff cluster status` shows it."
            );
        }

        _traits = ClusterTraits.Of(request, there?.Traits, Kept(there), ClusterTraits.SharesByEnvironment);
        if (_traits.Redis is { } redis && !(await ClusterAddress.Find(redis, cancellation, "--redis")).IsRedis)
        {
            throw new ClusterUnreachableException($"--redis is '{redis}', but what answers there is no Redis.");
        }

        _cluster = there?.Cluster ?? LocalClusterStatus.None;
        _started.AddRange(there?.Living ?? []);
        var isNew = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
        Directory.CreateDirectory(folder);
        await using var ports = await PortLock.Take(cancellation);
        try
        {
            await Start(request, cancellation);
            return _cluster;
        }
        catch when (there is null or { Processes.Count: 0 })
        {
            await (isNew ? Purge() : Down());
            throw;
        }
    }

    /// <returns>Nothing but nulls where none is up, with what is kept of one that was.</returns>
    public LocalClusterStatus Status() =>
        ClusterFile.Read(folder) is not { } there ? LocalClusterStatus.None
        : there.Processes.Count > 0 ? there.Cluster
        : LocalClusterStatus.None with { Kept = new KeptCluster(folder, Kept(there)) };

    /// <summary>What a console shows to come in; null where everybody may.</summary>
    public string? ClientCertificates =>
        Directory.Exists(CertificateFolder) ? Certificates.FolderOf(CertificateFolder, ClusterRole.Operator) : null;

    private string CertificateFolder => Path.Combine(folder, "tls");

    /// <summary>The logs in its folder, those of a cluster that was taken down too.</summary>
    public IReadOnlyList<ClusterLog> Logs() =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.log")
                    .Order()
                    .Select(log => new ClusterLog(Path.GetFileNameWithoutExtension(log), log)),
            ]
            : [];

    public bool IsAlive(LocalSilo silo) =>
        ClusterFile.Read(folder)?.Processes.Any(process => process.Pid == silo.Pid && process.IsAlive) ?? false;

    private static int NumberOf(ProcessMark silo) => int.Parse(silo.Name.Split('-')[1]);

    private static bool IsSilo(ProcessMark process) => process.Name.StartsWith("silo-", StringComparison.Ordinal);

    private IReadOnlyList<string> Kept(ClusterFile? there) =>
        [
            .. KeptRuns
                .WithCheckpoints(CheckpointFolder, there?.Traits?.SharesCheckpoints ?? true)
                .Union(there?.Runs ?? [])
                .Order(StringComparer.Ordinal),
        ];

    // Of a cluster that a version started which did not write them down.
    private ClusterTraits? TraitsOf(LocalClusterStatus cluster) =>
        cluster is not { ClusterId: { } id, Redis: { } redis }
            ? null
            : new ClusterTraits(id, HasOwnRedis ? null : redis, cluster.Silos.Count, ClusterTraits.SharesByEnvironment ?? true);

    private bool HasOwnRedis => Directory.Exists(RedisProcess.DataOf(folder));

    private async Task Start(LocalClusterRequest request, CancellationToken cancellation)
    {
        Know(_cluster with { ClusterId = _traits!.ClusterId });
        var redis = _traits.Redis ?? await Redis(cancellation);
        Know(_cluster with { Redis = redis });
        Certify(request.Tls);
        if (redis is null && Living(1) is null && _started.Exists(IsSilo))
        {
            throw new InvalidInputException(
                "silo-1, which the others met in without a Redis, has ended, so no silo can join them: expected `ff cluster down` first, "
                    + "then `up`, which has the runs again."
            );
        }

        List<LocalSilo> silos = [];
        foreach (var number in Enumerable.Range(1, Math.Max(_traits.Silos, _started.Where(IsSilo).Select(NumberOf).DefaultIfEmpty().Max())))
        {
            silos.Add(Living(number) ?? StartSilo(number, redis, silos.FirstOrDefault()));
            if (redis is null && number == 1)
            {
                await Ready(silos[0], cancellation); // the others come in by it
            }
        }

        Know(_cluster with { Silos = silos });
        foreach (var silo in silos)
        {
            await Ready(silo, cancellation);
        }

        if (request.Prometheus && !_started.Exists(process => process.Name == PrometheusProcess.Name))
        {
            await StartPrometheus(cancellation);
        }
    }

    // As it was before where that is not said.
    private void Certify(bool? tls)
    {
        if (tls ?? Directory.Exists(CertificateFolder))
        {
            new Certificates(CertificateFolder, _traits!.ClusterId, TimeProvider.System).Make(CertificateLife);
        }
        else if (Directory.Exists(CertificateFolder))
        {
            Directory.Delete(CertificateFolder, recursive: true);
        }
    }

    private LocalSilo? Living(int number) =>
        _cluster.Silos.FirstOrDefault(silo => silo.Name == $"silo-{number}" && _started.Exists(process => process.Pid == silo.Pid));

    // One that runs, or one that starts with what the last one had: where silos live on without it, on the port that they know.
    private async Task<string?> Redis(CancellationToken cancellation) =>
        _cluster.Redis switch
        {
            null when !HasOwnRedis && (RedisProgram.IsLacking || Directory.Exists(RecordFolder)) => null, // where its runs are
            { } known when _started.Exists(process => process.Name == RedisProcess.Name) => known,
            { } known => await StartRedis(int.Parse(known.Split(':')[1]), cancellation),
            _ => await StartRedis(RedisPort, cancellation),
        };

    // Of a cluster without a Redis.
    private string RecordFolder => Path.Combine(folder, "records");

    private string CheckpointFolder => Path.Combine(folder, "checkpoints");

    private async Task<string> StartRedis(int usual, CancellationToken cancellation)
    {
        var redis = new RedisProcess(SiloPlace.Loopback, _ports.Next(usual), folder);
        await Ready(Known(redis.Launch()), () => redis.Answers(cancellation), cancellation);
        return redis.Address;
    }

    private LocalSilo StartSilo(int number, string? redis, LocalSilo? first)
    {
        var name = $"silo-{number}";
        var place = new SiloPlace(SiloPlace.Loopback, _ports.Next(SiloPort), _ports.Next(GatewayPort), _ports.Next(HttpPort));
        var process = Known(SiloProcess.Start(name, place, Log(name), Settings(name, redis, first)).Mark);
        return new LocalSilo(name, process.Pid, place.Endpoint, place.Gateway, place.Http);
    }

    private Dictionary<string, string> Settings(string name, string? redis, LocalSilo? first) =>
        new()
        {
            ["FF_CLUSTER_ID"] = _cluster.ClusterId!,
            ["FF_REDIS"] = redis ?? "",
            ["FF_PRIMARY"] = redis is null ? first?.SiloEndpoint ?? "" : "",
            ["FF_RECORD_FOLDER"] = redis is null ? RecordFolder : "",
            ["FF_CHECKPOINT_FOLDER"] = _traits!.SharesCheckpoints ? CheckpointFolder : Path.Combine(CheckpointFolder, name),
            [ClusterTraits.SharesVariable] = _traits.SharesGiven,
            [ClusterTraits.MixedVariable] = $"{_traits.IsMixed}",
            ["FF_TLS_FOLDER"] = Directory.Exists(CertificateFolder) ? Certificates.FolderOf(CertificateFolder, ClusterRole.Silo) : "",
        };

    private async Task StartPrometheus(CancellationToken cancellation)
    {
        var address = $"127.0.0.1:{_ports.Next(PrometheusPort)}";
        var process = Known(
            PrometheusProcess.Start(Path.Combine(folder, PrometheusProcess.Name), address, _cluster.Silos, Log(PrometheusProcess.Name))
        );
        Know(_cluster with { Prometheus = $"http://{address}" });
        await Ready(process, $"http://{address}/-/ready", cancellation);
    }

    private ProcessMark Known(ProcessMark started)
    {
        _started.Add(started);
        Know(_cluster);
        return started;
    }

    // Written after every start: whatever happens next, `down` finds it.
    private void Know(LocalClusterStatus cluster)
    {
        _cluster = cluster;
        new ClusterFile(cluster, _started, _traits).Write(folder);
    }

    private Task Ready(LocalSilo silo, CancellationToken cancellation) =>
        Ready(_started.Single(process => process.Pid == silo.Pid), $"{silo.Http}/health", cancellation);

    private Task Ready(ProcessMark process, string url, CancellationToken cancellation) =>
        Readiness.Of(process, Log(process.Name), StartTimeout, () => Readiness.Answers(url, cancellation), cancellation);

    private Task Ready(ProcessMark process, Func<Task<bool>> answers, CancellationToken cancellation) =>
        Readiness.Of(process, Log(process.Name), StartTimeout, answers, cancellation);

    private string Log(string name) => Path.Combine(folder, $"{name}.log");
}
