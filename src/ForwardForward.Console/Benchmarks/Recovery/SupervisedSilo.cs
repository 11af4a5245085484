using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>A silo whose process is started again whenever it has ended, as a supervisor would.</summary>
/// <param name="number">From 0.</param>
/// <param name="network">Where it finds its place.</param>
/// <param name="redis">HOST:PORT.</param>
/// <param name="folder">Of the cluster; its log and the checkpoints are kept there.</param>
internal sealed class SupervisedSilo(int number, ISiloNetwork network, string redis, string folder)
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120), Pace = TimeSpan.FromMilliseconds(100), LongestAnswer = TimeSpan.FromSeconds(1);
    private static readonly HttpClient Http = new() { Timeout = LongestAnswer };
    private volatile bool _isHeldDown;

    public string Name { get; } = $"silo-{number + 1}";

    public SiloPlace Place { get; private set; } = network.Place(number);

    public ProcessMark Process { get; private set; } = new("", 0, -1); // none yet

    private string Log => Path.Combine(folder, $"{Name}.log");

    /// <summary>Starts the process, and again whenever it is not there and is not held down.</summary>
    public async Task Supervise(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            if (!_isHeldDown && !Process.IsAlive)
            {
                Start();
            }

            await Task.Delay(Pace, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lets a process that ends stay ended.</summary>
    public void HoldDown() => _isHeldDown = true;

    /// <param name="movesPorts">Whether the process that takes the place listens on other ports.</param>
    public void Release(bool movesPorts = false)
    {
        Place = movesPorts ? network.Place(number) : Place;
        _isHeldDown = false;
    }

    /// <summary>Waits until the silo says that it is active, whichever process it then is.</summary>
    /// <exception cref="InvalidOperationException">It is not after two minutes.</exception>
    public async Task Active(CancellationToken cancellation)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!await SaysActive(cancellation))
        {
            if (waited.Elapsed > LongestStart)
            {
                throw new InvalidOperationException($"{Name} was not active within {LongestStart.TotalSeconds:0} s: {LastLine()}");
            }

            await Task.Delay(Pace, cancellation);
        }
    }

    private async Task<bool> SaysActive(CancellationToken cancellation)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(Place.Health), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Start()
    {
        File.AppendAllText(Log, $"--- {Name} is started on {Place.Address}:{Place.Port}, gateway {Place.GatewayPort}{Environment.NewLine}");
        string[] command = [.. Place.Before, "dotnet", Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll")];
        Process = BackgroundProcess.Start(Name, command[0], command[1..], Log, new Dictionary<string, string>
        {
            ["FF_CLUSTER_ID"] = ClusterConnection.DefaultClusterId,
            ["FF_NAME"] = Name,
            ["FF_REDIS"] = redis,
            ["FF_CHECKPOINT_FOLDER"] = Path.Combine(folder, "checkpoints"),
            ["FF_ADVERTISED_ADDRESS"] = Place.Address,
            ["FF_INSECURE"] = "true", // a network that this process has made for itself
            ["FF_PORT"] = $"{Place.Port}",
            ["FF_GATEWAY_PORT"] = $"{Place.GatewayPort}",
            ["FF_HTTP_PORT"] = $"{Place.HttpPort}",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
        });
    }

    private string LastLine() => File.ReadLines(Log).LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it said nothing.";
}
