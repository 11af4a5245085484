using System.Diagnostics;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>Watches a disturbed run through a client of its own, as a person's console does.</summary>
/// <param name="report">Hears of every step back.</param>
internal sealed class RunFollower(PersistentClient client, string run, Action<string> report)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30), LongestStandstill = TimeSpan.FromSeconds(180), Settles = TimeSpan.FromSeconds(1);
    private readonly List<RunEvent> _events = [];
    private long _highest;

    /// <summary>As last heard; null before the first answer.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>What a watcher has seen.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>Most slots that a recovery went back over, as far as they were seen.</summary>
    public long MostRedone { get; private set; }

    /// <returns>How the run ended.</returns>
    /// <exception cref="InvalidOperationException">It made no step forward for three minutes.</exception>
    /// <exception cref="Clusters.ClusterUnreachableException">Nobody answered for three minutes.</exception>
    public async Task<RunStatus> Follow(CancellationToken cancellation)
    {
        var standstill = Stopwatch.StartNew();
        while (true)
        {
            var (status, events) = await client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Watch(_events.Count), cancellation);
            _events.AddRange(events);
            Note(status);
            if (status.IsOver)
            {
                return status;
            }

            if (status.Slot > _highest)
            {
                _highest = status.Slot;
                standstill.Restart();
            }
            else if (standstill.Elapsed > LongestStandstill)
            {
                throw new InvalidOperationException($"The run {run} made no step beyond slot {_highest} for {LongestStandstill.TotalSeconds:0} s; it is {status.State}, generation {status.Generation}, at slot {status.Slot}.");
            }

            await Task.Delay(Pace, cancellation);
        }
    }

    /// <summary>Waits for a slot that went through after what was on its way when the last fault was made.</summary>
    public async Task Progress(CancellationToken cancellation)
    {
        await Task.Delay(Settles, cancellation);
        for (var lowest = Status?.Slot ?? 0; Status is not { State: RunState.Running } status || status.Slot <= lowest; lowest = Math.Min(lowest, Status?.Slot ?? 0))
        {
            await Task.Delay(Pace, cancellation);
        }
    }

    private void Note(RunStatus status)
    {
        var redone = (Status?.Slot ?? 0) - status.Slot;
        if (redone > 0)
        {
            report($"{run} goes back {redone} slots to slot {status.Slot}, generation {status.Generation}");
        }

        MostRedone = Math.Max(MostRedone, redone);
        Status = status;
    }

    public override string ToString() => Status is { } status
        ? $"at slot {status.Slot} of {status.Slots} of run {run} ({status.State.ToString().ToLowerInvariant()}, generation {status.Generation})"
        : $"before the first slot of run {run}";
}
