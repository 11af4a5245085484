using System.Diagnostics;
using ForwardForward.Chaos.Clusters;
using ForwardForward.Client;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Chaos.Recovery;

/// <summary>Watches a disturbed run through a client of its own, as a person's console does.</summary>
/// <param name="report">Hears of every generation.</param>
internal sealed class RunFollower(PersistentClient client, string run, Action<string> report)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MaxStandstill = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(1);
    private readonly List<RunEvent> _events = [];
    private readonly Stopwatch _standstill = new();
    private long _highest;
    private int _generation;
    private long _slotBefore; // of the generation's latest news

    /// <summary>As last heard; null before the first answer.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>What a watcher has seen.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>
    /// Most slots that were done again after one fault, as the coordinator knows or, where it was lost itself, as they were seen.
    /// </summary>
    public long MostRedone { get; private set; }

    /// <returns>How the run ended.</returns>
    /// <exception cref="InvalidOperationException">It made no step forward for three minutes.</exception>
    /// <exception cref="ClusterUnreachableException">Nobody answered for three minutes.</exception>
    public Task<RunStatus> Follow(CancellationToken cancellation)
    {
        _standstill.Restart();
        return RunWatch.Follow(
            next => client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Watch(next), cancellation),
            Note,
            cancellation
        );
    }

    /// <summary>Waits for a slot that went through after what was on its way when the last fault was made.</summary>
    public async Task Progress(CancellationToken cancellation)
    {
        await Task.Delay(Settles, cancellation);
        for (
            var lowest = Status?.Slot ?? 0;
            Status is not { State: RunState.Running } status || status.Slot <= lowest;
            lowest = Math.Min(lowest, Status?.Slot ?? 0)
        )
        {
            await Task.Delay(Pace, cancellation);
        }
    }

    private void Note(RunUpdate update)
    {
        var status = Status = update.Status;
        _events.AddRange(update.Events);
        if (status.State == RunState.Running && status.Generation > _generation)
        {
            _generation = status.Generation;
            MostRedone = Math.Max(MostRedone, Math.Max(status.MostRedoneSlots, _slotBefore - status.FirstSlot));
            report($"{run} goes on at slot {status.FirstSlot} as generation {_generation}, and had been seen at slot {_slotBefore}");
        }

        _slotBefore = status.State == RunState.Running ? status.Slot : _slotBefore;
        if (status.Slot > _highest)
        {
            _highest = status.Slot;
            _standstill.Restart();
        }
        else if (_standstill.Elapsed > MaxStandstill)
        {
            throw new InvalidOperationException(
                $"The run {run} made no step beyond slot {_highest} for {MaxStandstill.TotalSeconds:0} s; it is "
                    + $"{status.State}, generation {status.Generation}, at slot {status.Slot}."
            );
        }
    }

    public override string ToString() =>
        Status is { } status
            ? $"at slot {status.Slot} of {status.Slots} of run {run} ({status.State.ToString().ToLowerInvariant()}, generation "
                + $"{status.Generation})"
            : $"before the first slot of run {run}";
}
