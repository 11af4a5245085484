using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Tests.Data;
using StackExchange.Redis;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Redis and silos that a test starts, breaks and starts again one by one, on ports that are known before; none outlives the test.</summary>
internal sealed class FragileCluster : IAsyncDisposable
{
    private const int RedisPort = 6490, SiloPort = 13111, GatewayPort = 32000, HttpPort = 8280; // the first to try, beside those of `cluster up`
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5); // seconds on a machine with nothing else to do

    /// <summary>Of every run here: long enough that a console which starts meanwhile finds it running.</summary>
    private static readonly string[] Spec = ["--set", "epochs=1500"];
    private static readonly ReferenceHashes References = new();
    private readonly TemporaryFolder _folder = new();
    private static readonly FreePorts Ports = new(); // of all clusters: what was killed starts again on the ports it had
    private readonly List<ProcessMark> _processes = [];
    private readonly List<FragileSilo> _silos = [];
    private int _redisPort, _memoryMegabytes;

    private FragileCluster()
    {
        TinyIdx.Write(_folder["tiny"]);
        Console = new Ff(_folder.Root);
    }

    public Ff Console { get; }

    public string CheckpointFolder => _folder["checkpoints"];

    /// <summary>File of the labels that every run learns from.</summary>
    public string Labels => _folder["tiny/train-labels-idx1-ubyte"];

    /// <summary>The process that was started last.</summary>
    public ProcessMark Redis { get; private set; } = null!;

    /// <summary>Starts Redis and as many silos, named silo-1 and so on, lets a test break them, and ends what is left.</summary>
    public static Task With(int silos, Func<FragileCluster, FragileSilo[], Task> act) => With(silos, memoryMegabytes: 0, act);

    /// <param name="memoryMegabytes">That a run may take of the machine; 0: all.</param>
    public static async Task With(int silos, int memoryMegabytes, Func<FragileCluster, FragileSilo[], Task> act)
    {
        await using var cluster = new FragileCluster { _memoryMegabytes = memoryMegabytes };
        await cluster.StartRedis();
        await act(cluster, await cluster.StartSilos([.. Enumerable.Range(1, silos).Select(number => $"silo-{number}")]));
    }

    /// <summary>Starts Redis with what it has in its file, and waits until it answers.</summary>
    /// <param name="elsewhere">On another port than before.</param>
    public async Task StartRedis(bool elsewhere = false)
    {
        await using var ports = await PortLock.Take(CancellationToken.None);
        _redisPort = elsewhere || _redisPort == 0 ? Ports.Next(RedisPort) : _redisPort;
        var data = Directory.CreateDirectory(_folder["redis"]).FullName;
        if (_processes.FindLast(process => process.Name == "redis") is { } before)
        {
            await before.Gone();
        }

        Start();
        await Event.Of("Redis answers", RedisAnswers, Longest, () => File.ReadLines(LogOf("redis")).LastOrDefault() ?? "");

        void Start() => Redis = Run("redis", "redis-server", [LocalCluster.Shipped("redis.conf"), "--port", $"{_redisPort}", "--bind", "127.0.0.1", "--dir", data]);

        async Task<bool> RedisAnswers()
        {
            if (!Redis.IsAlive)
            {
                Start(); // the last threads of the one before may hold its port a moment longer than it is to be seen
            }

            return await Answers();
        }
    }

    /// <summary>Starts silos on ports that none had before, and waits until they are active.</summary>
    public async Task<FragileSilo[]> StartSilos(params string[] names)
    {
        await using var ports = await PortLock.Take(CancellationToken.None);
        return await Task.WhenAll(names.Select(name => StartSilo(name, new SiloPorts(Ports.Next(SiloPort), Ports.Next(GatewayPort), Ports.Next(HttpPort)))).ToList());
    }

    /// <summary>Has Redis forget all keys.</summary>
    public async Task Flush()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redisPort},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    /// <summary>Kills Redis and starts it on the same port without its file.</summary>
    public async Task RestartRedisEmpty()
    {
        Redis.Kill();
        await Redis.Gone();
        Directory.Delete(_folder["redis"], recursive: true);
        await StartRedis();
    }

    /// <param name="before">A command that runs the silo's, as <c>taskset</c>.</param>
    public async Task<FragileSilo> StartSilo(string name, SiloPorts? ports = null, params string[] before)
    {
        ports ??= new SiloPorts(Ports.Next(SiloPort), Ports.Next(GatewayPort), Ports.Next(HttpPort));
        string[] command = [.. before, "dotnet", Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll")];
        var process = Run(name, command[0], command[1..], new Dictionary<string, string>
        {
            ["FF_NAME"] = name,
            ["FF_REDIS"] = $"127.0.0.1:{_redisPort}",
            ["FF_CHECKPOINT_FOLDER"] = CheckpointFolder,
            ["FF_PORT"] = $"{ports.Silo}",
            ["FF_GATEWAY_PORT"] = $"{ports.Gateway}",
            ["FF_HTTP_PORT"] = $"{ports.Http}",
            ["FF_MATRIX_RATE"] = Ff.MatrixRate,
            ["FF_MEMORY_MEGABYTES"] = $"{_memoryMegabytes}",
        });
        var silo = new FragileSilo(name, ports, process, LogOf(name));
        _silos.Add(silo);
        await silo.Active();
        return silo;
    }

    /// <summary>
    /// Starts a run of the small network from a console that then leaves: with a checkpoint every 40 slots, and where it stays unless it must move (what befalls it is counted), if it is not
    /// told otherwise.
    /// </summary>
    public async Task Train(FragileSilo by, string run, params string[] more)
    {
        var started = await Console.Run([.. LocalClusterFixture.Request("--cluster", by.Gateway, "--detach", "--json", "--name", run), .. Spec, "--set", "checkpoint.everySlots=40", "--set", "checkpoint.rebalance=false", .. more]);
        Assert.True(started.ExitCode == 0, started.Error);
    }

    /// <summary>Waits for the end of a run, which must be that of the reference.</summary>
    /// <param name="more">What its spec was given besides.</param>
    public async Task<RunStatus> EndsAsTheReference(FragileSilo asked, string run, params string[] more)
    {
        var done = await asked.Until(run, status => status.IsOver, LongestRun);
        Assert.True(done.State == RunState.Done, done.Error);
        Assert.Equal(await References.Of(Console, [.. Spec, .. more]), done.StateHash);
        Assert.Equal(done.Slots, done.Slot);
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _processes.ForEach(process => process.Kill());
        await Event.Of("all processes end", () => Task.FromResult(!_processes.Exists(process => process.IsAlive)), Longest);
        _folder.Dispose();
    }

    private ProcessMark Run(string name, string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        File.AppendAllText(LogOf(name), ""); // the process makes it later, if it comes to that
        var process = BackgroundProcess.Start(name, program, arguments, LogOf(name), environment);
        _processes.Add(process);
        return process;
    }

    private string LogOf(string name) => _folder[$"{name}.log"];

    private async Task<bool> Answers()
    {
        try
        {
            return (await ClusterAddress.Find($"127.0.0.1:{_redisPort}", CancellationToken.None)).IsRedis;
        }
        catch (ClusterUnreachableException)
        {
            return false;
        }
    }
}
