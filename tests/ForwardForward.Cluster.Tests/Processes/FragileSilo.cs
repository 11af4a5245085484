using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Where a silo listens.</summary>
internal sealed record SiloPorts(int Silo, int Gateway, int Http);

/// <summary>One silo process of a <see cref="FragileCluster"/>.</summary>
/// <param name="log">What it said, a line each; together with earlier processes of this name.</param>
internal sealed class FragileSilo(string name, SiloPorts ports, ProcessMark process, string log) : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private ClusterConnection? _client;

    public string Name => name;

    public SiloPorts Ports => ports;

    public ProcessMark Process => process;

    public string Gateway => $"127.0.0.1:{Ports.Gateway}";

    public string[] Said(string part) => [.. File.ReadLines(log).Where(line => line.Contains(part, StringComparison.Ordinal))];

    /// <summary>Waits until it says so.</summary>
    public Task Says(string part) => Event.Of($"{Name} says '{part}'", () => Task.FromResult(Said(part).Length > 0), Longest, LastWords);

    /// <summary>The coordinator of a run, asked through this silo and no other.</summary>
    public async Task<IExperimentGrain> Coordinator(string run)
    {
        _client ??= await ClusterConnection.Connect(Gateway, ClusterConnection.DefaultClusterId, CancellationToken.None, onlyThere: true);
        return _client.Grains.GetGrain<IExperimentGrain>(run);
    }

    /// <summary>Asks for a run until it is as wanted.</summary>
    public async Task<RunStatus> Until(string run, Func<RunStatus, bool> wanted, TimeSpan? longest = null)
    {
        var coordinator = await Coordinator(run);
        RunStatus? status = null;
        await Event.Of($"the run {run} is as wanted", async () => wanted(status = await LostSilo.Outlast(_client!, coordinator.Status)), longest ?? Longest, Instead);
        return status!;

        string Instead() => $"It is {status!.State}, generation {status.Generation}, at slot {status.Slot} of {status.Slots}, with its last checkpoint at {status.LastCheckpointSlot}. {status.Error} {LastWords()}";
    }

    /// <summary>Waits until the process is gone.</summary>
    public Task Ended() => Event.Of($"{Name} ends", () => Task.FromResult(!Process.IsAlive), Longest, LastWords);

    /// <summary>Waits until it answers that it is active.</summary>
    public Task Active() => Event.Of($"{Name} is active", async () =>
    {
        Assert.True(Process.IsAlive, $"{Name} ended before it was active: {File.ReadLines(log).LastOrDefault()}");
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Ports.Http}/health"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, Longest);

    private string LastWords() => $"{Name} says:{Environment.NewLine}{string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(20))}";

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
