using System.Diagnostics;

namespace ForwardForward.Client.Processes;

/// <summary>
/// A Redis, or a Valkey, as clusters on this machine meet in: configured as in docker-compose.yml, it writes down what it is told.
/// </summary>
/// <param name="host">IP address that it listens on.</param>
/// <param name="folder">Its log and the folder with its files are there.</param>
public sealed class RedisProcess(string host, int port, string folder)
{
    public const string Name = "redis";
    private const string Configuration = "redis.conf";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>HOST:PORT.</summary>
    public string Address => $"{host}:{port}";

    /// <summary>The one that was started last; null before the first.</summary>
    public ProcessMark? Mark { get; private set; }

    private string Log => Path.Combine(folder, $"{Name}.log");

    /// <summary>Where a Redis of this folder keeps its files.</summary>
    public static string DataOf(string folder) => Path.Combine(folder, Name);

    /// <summary>Starts it with what its files hold, and does not wait until it answers.</summary>
    /// <exception cref="Learning.InvalidInputException">Neither Redis nor Valkey is installed.</exception>
    public ProcessMark Launch()
    {
        var data = Directory.CreateDirectory(DataOf(folder)).FullName;
        string[] open = host == SiloPlace.Loopback ? [] : ["--protected-mode", "no"];
        string[] arguments = [ShippedFile.At(Configuration), "--port", $"{port}", "--bind", host, "--dir", data, .. open];
        return (Mark = BackgroundProcess.Start(Name, RedisProgram.Expect(), arguments, Log));
    }

    /// <summary>Starts it, once the one before is gone, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not within a minute.</exception>
    /// <exception cref="Learning.InvalidInputException">Neither Redis nor Valkey is installed.</exception>
    public async Task Start(CancellationToken cancellation)
    {
        await (Mark?.Gone(cancellation) ?? Task.CompletedTask);
        for (var waited = Stopwatch.StartNew(); !await Answers(cancellation); await Task.Delay(Pace, cancellation))
        {
            if (Mark is not { IsAlive: true })
            {
                Launch(); // again where the last threads of the one before held its port a moment longer than it was to be seen
            }

            if (waited.Elapsed > StartTimeout)
            {
                throw new InvalidOperationException(
                    $"Redis did not answer at {Address} within {StartTimeout.TotalSeconds:0} s; see {Log}."
                );
            }
        }
    }

    public async Task<bool> Answers(CancellationToken cancellation)
    {
        try
        {
            return (await ClusterAddress.Find(Address, cancellation)).IsRedis;
        }
        catch (ClusterUnreachableException)
        {
            return false;
        }
    }
}
