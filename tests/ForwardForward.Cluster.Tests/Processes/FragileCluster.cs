using ForwardForward.Chaos;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Tests.Data;
using StackExchange.Redis;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>
/// Redis and silos that a test starts, breaks and starts again one by one, on ports that are known before; none outlives the test.
/// </summary>
internal sealed class FragileCluster : IAsyncDisposable
{
    private const int RedisPort = 6490;
    private const int SiloPort = 13111;
    private const int GatewayPort = 32000;
    private const int HttpPort = 8280; // the first to try, beside those of `cluster up`
    private static readonly TimeSpan MaxRun = TimeSpan.FromMinutes(5); // seconds on a machine with nothing else to do

    /// <summary>Of every run here: what befalls it, befalls it before its end.</summary>
    private static readonly string[] Spec = ["--set", "epochs=100000"];
    private static readonly ReferenceHashes References = new();

    /// <summary>Makes the network one of convolutions, with a shortcut from the first layer to the third.</summary>
    public static string[] Shortcut { get; } =
    ["--set", "layers=8,8,8,8", "--set", """convolutions=[{},{},{"shortcutFrom":1},{"pool":"maximum"}]"""];

    private readonly TemporaryFolder _folder = new();
    private static readonly FreePorts Ports = new(); // of all clusters: what was killed starts again on the ports it had
    private readonly List<FragileSilo> _silos = [];
    private RedisProcess? _redis;
    private int _memoryMegabytes;

    private FragileCluster()
    {
        TinyIdx.Write(_folder["tiny"]);
        Console = new Ff(_folder.Root);
    }

    public Ff Console { get; }

    public string CheckpointFolder => _folder["checkpoints"];

    /// <summary>Whether silos that start from now on keep checkpoints in one folder, or each in its own.</summary>
    public bool SharesCheckpoints { get; set; } = true;

    /// <summary>What silos load that start from now on, as FF_PLUGINS has it.</summary>
    public string Plugins { get; set; } = "";

    /// <summary>Most slots a second of runs whose source is on a silo that starts from now on; 0: as many as it can.</summary>
    public int SlotsPerSecond { get; set; }

    /// <summary>File of the labels that every run learns from.</summary>
    public string Labels => _folder["tiny/train-labels-idx1-ubyte"];

    /// <summary>The process that was started last.</summary>
    public ProcessMark Redis => _redis!.Mark!;

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
        if (elsewhere)
        {
            await Redis.Gone();
            _redis = null;
        }

        _redis ??= new RedisProcess(SiloPlace.Loopback, Ports.Next(RedisPort), _folder.Root);
        await _redis.Start(CancellationToken.None);
    }

    /// <summary>Starts silos on ports that none had before, and waits until they are active.</summary>
    public async Task<FragileSilo[]> StartSilos(params string[] names)
    {
        await using var ports = await PortLock.Take(CancellationToken.None);
        return await Task.WhenAll(names.Select(name => StartSilo(name, FreePlace())).ToList());
    }

    /// <summary>Where a silo keeps its checkpoints that shares no folder.</summary>
    public string CheckpointsOf(string silo) => _folder[$"checkpoints-of-{silo}"];

    /// <summary>A path in the folder, which is gone after the test.</summary>
    public string At(string path) => _folder[path];

    /// <summary>Has Redis forget all keys.</summary>
    public async Task Flush()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_redis!.Address},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }

    /// <summary>Kills Redis and starts it on the same port without its file.</summary>
    public async Task RestartRedisEmpty()
    {
        Redis.Kill();
        await Redis.Gone();
        Directory.Delete(RedisProcess.DataOf(_folder.Root), recursive: true);
        await StartRedis();
    }

    /// <param name="place">Null: on ports that no silo had before.</param>
    /// <param name="before">A command that runs the silo's, as <c>taskset</c>.</param>
    public Task<FragileSilo> StartSilo(string name, SiloPlace? place = null, params string[] before) =>
        StartSilo(SiloProcess.Silo, name, place, before);

    /// <summary>Starts a silo of the next version of the program.</summary>
    /// <param name="contract">That it tells the others.</param>
    public async Task<FragileSilo> StartNextSilo(string name, int contract = ContractVersion.Current)
    {
        await using var ports = await PortLock.Take(CancellationToken.None);
        return await StartSilo("ForwardForward.NextSilo.dll", name, FreePlace(), ["env", $"NEXT_CONTRACT={contract}"]);
    }

    private async Task<FragileSilo> StartSilo(string program, string name, SiloPlace? place, string[] before)
    {
        var silo = FragileSilo.Start(
            program,
            _folder.Root,
            name,
            (place ?? FreePlace()) with
            {
                Before = before,
            },
            new Dictionary<string, string>
            {
                ["FF_REDIS"] = _redis!.Address,
                ["FF_CHECKPOINT_FOLDER"] = SharesCheckpoints ? CheckpointFolder : CheckpointsOf(name),
                ["FF_CHECKPOINTS_SHARED"] = SharesCheckpoints ? "true" : "false",
                ["FF_PLUGINS"] = Plugins,
                ["FF_SLOTS_PER_SECOND"] = $"{SlotsPerSecond}",
                ["FF_MEMORY_MEGABYTES"] = $"{_memoryMegabytes}",
            }
        );
        _silos.Add(silo);
        await silo.Active();
        return silo;
    }

    /// <summary>
    /// Starts a run of the small network from a console that then leaves: with a checkpoint every 40 slots, and where it stays unless it
    /// must move (what befalls it is counted), if it is not told otherwise.
    /// </summary>
    public async Task Train(FragileSilo by, string run, params string[] more)
    {
        var started = await Console.Run([
            .. LocalClusterFixture.Request("--cluster", by.Gateway, "--detach", "--json", "--name", run),
            .. Spec,
            "--set",
            "checkpoint.everySlots=40",
            "--set",
            "checkpoint.rebalance=false",
            .. more,
        ]);
        Assert.True(started.ExitCode == 0, started.Error);
    }

    /// <summary>Waits for the end of a run, which must be that of the reference.</summary>
    /// <param name="more">What its spec was given besides.</param>
    public async Task<RunStatus> EndsAsTheReference(FragileSilo asked, string run, params string[] more)
    {
        var done = await asked.Until(run, status => status.IsOver, MaxRun);
        Assert.True(done.State == RunState.Done, done.Error);
        Assert.Equal(await References.Of(Console, [.. Spec, .. more]), done.StateHash);
        Assert.Equal(done.Slots, done.Slot);
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
        _redis?.Mark?.Kill();
        await (_redis?.Mark?.Gone() ?? Task.CompletedTask);
        _folder.Dispose();
    }

    private static SiloPlace FreePlace() => new(SiloPlace.Loopback, Ports.Next(SiloPort), Ports.Next(GatewayPort), Ports.Next(HttpPort));
}
