using System.Text.Json;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>Real silo processes on this machine, with the Redis they meet in: what <c>docker-compose.yml</c> starts, without Docker.</summary>
/// <param name="folder">Where it keeps its files; a folder holds one cluster.</param>
internal sealed class LocalCluster(string folder)
{
    private const int RedisPort = 6379, SiloPort = 11111, GatewayPort = 30000, HttpPort = 8080, PrometheusPort = 9090; // the first to try
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60), LongestStop = TimeSpan.FromSeconds(20);
    private readonly FreePorts _ports = new();
    private readonly List<ProcessMark> _started = [];
    private LocalClusterStatus _cluster = LocalClusterStatus.None;

    /// <summary>The one that `ff cluster` starts, shows and stops.</summary>
    public static LocalCluster OfUser => new(ClusterFile.FolderOfUser);

    /// <summary>
    /// Starts everything and waits until it is ready; what was started is stopped again if that fails. A cluster that was killed rather than taken down, or has lost
    /// some of its processes, gets those it lacks, with its runs as they were.
    /// </summary>
    /// <exception cref="InvalidInputException">One is up already, or a program is missing.</exception>
    public async Task<LocalClusterStatus> Up(LocalClusterRequest request, CancellationToken cancellation)
    {
        var there = ClusterFile.Read(folder);
        if (there is not null && there.Processes.All(process => process.IsAlive))
        {
            throw new InvalidInputException($"A cluster of {there.Cluster.Silos.Count} silos is up already; `ff cluster down` stops it, `ff cluster status` shows it.");
        }

        if (request.Redis is { } redis && !(await ClusterAddress.Find(redis, cancellation, "--redis")).IsRedis)
        {
            throw new ClusterUnreachableException($"--redis is '{redis}', but what answers there is no Redis.");
        }

        if (there is null)
        {
            Clear();
            Directory.CreateDirectory(folder);
        }
        else
        {
            _cluster = there.Cluster;
            _started.AddRange(there.Processes.Where(process => process.IsAlive));
        }

        await using var ports = await PortLock.Take(cancellation);
        try
        {
            await Start(request with { ClusterId = there?.Cluster.ClusterId ?? request.ClusterId, Silos = Math.Max(request.Silos, _started.Where(IsSilo).Select(NumberOf).DefaultIfEmpty().Max()) }, cancellation);
            return _cluster;
        }
        catch when (there is null)
        {
            await Down();
            throw;
        }
    }

    /// <returns>Nothing but nulls where none was started.</returns>
    public LocalClusterStatus Status() => ClusterFile.Read(folder)?.Cluster ?? LocalClusterStatus.None;

    /// <summary>Stops what was started, silos first, and removes every file of it.</summary>
    /// <returns>How many processes were stopped.</returns>
    public async Task<int> Down()
    {
        var processes = ClusterFile.Read(folder)?.Processes.Where(process => process.IsAlive).ToList() ?? [];
        var keepsNothing = processes.Exists(process => process.Name == "redis"); // the state of all runs goes with it, so no silo has to hand its own over
        await Task.WhenAll(processes.Where(IsSilo).Select(silo => silo.Stop(keepsNothing ? TimeSpan.Zero : LongestStop)));
        await Task.WhenAll(processes.Where(process => !IsSilo(process)).Select(process => process.Stop(LongestStop)));
        Clear();
        return processes.Count;
    }

    /// <summary>What a console shows to come in; null where everybody may.</summary>
    public string? ClientCertificates => Directory.Exists(CertificateFolder) ? Certificates.FolderOf(CertificateFolder, ClusterRole.Operator) : null;

    private string CertificateFolder => Path.Combine(folder, "tls");

    public bool IsAlive(LocalSilo silo) => ClusterFile.Read(folder)?.Processes.Any(process => process.Pid == silo.Pid && process.IsAlive) ?? false;

    private static int NumberOf(ProcessMark silo) => int.Parse(silo.Name.Split('-')[1]);

    // The silos inherit the environment, and with it this setting of theirs.
    private static bool SharesCheckpoints => !bool.TryParse(Environment.GetEnvironmentVariable("FF_CHECKPOINTS_SHARED"), out var shared) || shared;

    private static bool IsSilo(ProcessMark process) => process.Name.StartsWith("silo-", StringComparison.Ordinal);

    private async Task Start(LocalClusterRequest request, CancellationToken cancellation)
    {
        var redis = request.Redis ?? await Redis(cancellation);
        Know(_cluster with { ClusterId = request.ClusterId, Redis = redis });
        if (request.Tls)
        {
            new Certificates(CertificateFolder, request.ClusterId, TimeProvider.System).Make(CertificateLife);
        }

        var silos = Enumerable.Range(1, request.Silos).Select(number => Living(number) ?? StartSilo(number, redis)).ToList();
        Know(_cluster with { Silos = silos });
        foreach (var silo in silos)
        {
            await Ready(_started.Single(process => process.Pid == silo.Pid), $"{silo.Http}/health", cancellation);
        }

        if (request.Prometheus && !_started.Exists(process => process.Name == "prometheus"))
        {
            await StartPrometheus(cancellation);
        }
    }

    private LocalSilo? Living(int number) => _cluster.Silos.FirstOrDefault(silo => silo.Name == $"silo-{number}" && _started.Exists(process => process.Pid == silo.Pid));

    // One that runs, one that was started elsewhere, or one of our own: where silos live on without it, on the port that they know.
    private async Task<string> Redis(CancellationToken cancellation) => (_cluster.Redis, Directory.Exists(RedisData)) switch
    {
        ({ } known, _) when _started.Exists(process => process.Name == "redis") => known,
        ({ } elsewhere, false) => elsewhere,
        ({ } known, true) => await StartRedis(int.Parse(known.Split(':')[1]), cancellation),
        _ => await StartRedis(RedisPort, cancellation),
    };

    private string RedisData => Path.Combine(folder, "redis");

    private async Task<string> StartRedis(int usual, CancellationToken cancellation)
    {
        var data = Directory.CreateDirectory(RedisData).FullName;
        var port = _ports.Next(usual);
        var process = Run("redis", "redis-server", [Shipped("redis.conf"), "--port", $"{port}", "--bind", "127.0.0.1", "--dir", data]);
        await Ready(process, () => Answers(port, cancellation), cancellation);
        return $"127.0.0.1:{port}";
    }

    private LocalSilo StartSilo(int number, string redis)
    {
        var name = $"silo-{number}";
        int port = _ports.Next(SiloPort), gateway = _ports.Next(GatewayPort), http = _ports.Next(HttpPort);
        var process = Run(name, "dotnet", [Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll")], new Dictionary<string, string>
        {
            ["FF_CLUSTER_ID"] = _cluster.ClusterId!,
            ["FF_NAME"] = name,
            ["FF_REDIS"] = redis,
            ["FF_CHECKPOINT_FOLDER"] = Path.Combine(folder, "checkpoints", SharesCheckpoints ? "" : name),
            ["FF_PORT"] = $"{port}",
            ["FF_GATEWAY_PORT"] = $"{gateway}",
            ["FF_HTTP_PORT"] = $"{http}",
            ["FF_TLS_FOLDER"] = Directory.Exists(CertificateFolder) ? Certificates.FolderOf(CertificateFolder, ClusterRole.Silo) : "",
        });
        return new LocalSilo(name, process.Pid, $"127.0.0.1:{port}", $"127.0.0.1:{gateway}", $"http://127.0.0.1:{http}");
    }

    private async Task StartPrometheus(CancellationToken cancellation)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "prometheus")).FullName;
        var address = $"127.0.0.1:{_ports.Next(PrometheusPort)}";
        var targets = _cluster.Silos.Select(silo => new { targets = new[] { new Uri(silo.Http).Authority }, labels = new { silo = silo.Name } });
        await File.WriteAllTextAsync(Path.Combine(data, "silos.json"), JsonSerializer.Serialize(targets), cancellation);
        Array.ForEach(["prometheus.yml", "rules.yml"], file => File.Copy(Shipped(file), Path.Combine(data, file), overwrite: true));
        var process = Run("prometheus", "prometheus", [$"--config.file={data}/prometheus.yml", $"--storage.tsdb.path={data}/data", $"--web.listen-address={address}"]);
        Know(_cluster with { Prometheus = $"http://{address}" });
        await Ready(process, $"http://{address}/-/ready", cancellation);
    }

    private ProcessMark Run(string name, string program, IReadOnlyList<string> arguments, Dictionary<string, string>? environment = null)
    {
        var process = BackgroundProcess.Start(name, program, arguments, Log(name), environment);
        _started.Add(process);
        Know(_cluster);
        return process;
    }

    // Written after every start: whatever happens next, `down` finds it.
    private void Know(LocalClusterStatus cluster)
    {
        _cluster = cluster;
        new ClusterFile(cluster, _started).Write(folder);
    }

    private Task Ready(ProcessMark process, string url, CancellationToken cancellation) => Ready(process, () => Answers(url, cancellation), cancellation);

    private async Task Ready(ProcessMark process, Func<Task<bool>> answers, CancellationToken cancellation)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!await answers())
        {
            if (!process.IsAlive || waited.Elapsed > LongestStart)
            {
                var how = process.IsAlive ? $"was not ready in {LongestStart.TotalSeconds:0} s" : "ended at once";
                throw new InvalidOperationException($"{process.Name} {how}: {LastLine(process.Name)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    private static async Task<bool> Answers(string url, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri(url), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> Answers(int redisPort, CancellationToken cancellation)
    {
        try
        {
            return (await ClusterAddress.Find($"127.0.0.1:{redisPort}", cancellation)).IsRedis;
        }
        catch (ClusterUnreachableException)
        {
            return false;
        }
    }

    private string LastLine(string name) => File.ReadLines(Log(name)).LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it said nothing.";

    private string Log(string name) => Path.Combine(folder, $"{name}.log");

    /// <summary>A configuration that comes with the program.</summary>
    public static string Shipped(string file) => Path.Combine(AppContext.BaseDirectory, "deploy", file);

    private void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
