using ForwardForward.Chaos.Networks;
using ForwardForward.Client;
using ForwardForward.Client.Processes;

namespace ForwardForward.Chaos.Clusters;

/// <summary>A silo whose process is started again whenever it has ended, as a supervisor would.</summary>
/// <param name="number">From 0.</param>
/// <param name="network">Where it finds its place.</param>
/// <param name="redis">HOST:PORT.</param>
/// <param name="folder">Of the cluster; its log and the checkpoints are kept there.</param>
/// <param name="program">What its process runs.</param>
public sealed class SupervisedSilo(int number, ISiloNetwork network, string redis, string folder, string program = SiloProcess.Silo)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
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
        while (!await SiloProcess.IsActive(Place, cancellation))
        {
            if (waited.Elapsed > StartTimeout)
            {
                var last = SiloProcess.LastLineOf(Log);
                throw new InvalidOperationException($"{Name} was not active within {StartTimeout.TotalSeconds:0} s: {last}");
            }

            await Task.Delay(Pace, cancellation);
        }
    }

    private void Start()
    {
        File.AppendAllText(Log, $"--- {Name} is started on {Place.Endpoint}, gateway {Place.GatewayPort}{Environment.NewLine}");
        Process = SiloProcess
            .Start(
                Name,
                Place,
                Log,
                new Dictionary<string, string>
                {
                    ["FF_CLUSTER_ID"] = ClusterConnection.DefaultClusterId,
                    ["FF_REDIS"] = redis,
                    ["FF_CHECKPOINT_FOLDER"] = Path.Combine(folder, "checkpoints"),
                    ["FF_CHECKPOINTS_SHARED"] = "true",
                    ["FF_TLS_FOLDER"] = "",
                    ["FF_INSECURE"] = "true", // a network that this process has made for itself
                    ["Logging__Console__FormatterName"] = "simple",
                    ["Logging__Console__FormatterOptions__SingleLine"] = "true",
                    ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
                },
                program: program
            )
            .Mark;
    }
}
