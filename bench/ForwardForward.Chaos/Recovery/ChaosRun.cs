using ForwardForward.Chaos.Clusters;
using ForwardForward.Chaos.Faults;
using ForwardForward.Chaos.Networks;
using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Chaos.Recovery;

/// <summary>How a disturbed run ended.</summary>
/// <param name="Faults">Those that were made in it.</param>
/// <param name="HashIsEqual">Whether it ended in the reference's state hash.</param>
/// <param name="Ledger">How its measurements differ from the reference's.</param>
/// <param name="Watched">How what a watcher saw all along differs from them.</param>
/// <param name="RedoneSlots">Most slots that were done again after one fault.</param>
/// <param name="Failure">What is not as it should be, in one line; null where nothing is.</param>
internal sealed record ChaosOutcome(
    IReadOnlyList<Fault> Faults,
    bool HashIsEqual,
    LedgerDifference Ledger,
    LedgerDifference Watched,
    long RedoneSlots,
    string? Failure
);

/// <summary>One run of the reference's spec on a cluster that is broken again and again meanwhile.</summary>
internal sealed class ChaosRun(string run, Undisturbed reference, SupervisedCluster cluster, ISiloNetwork network, Action<string> report)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly FaultMaker _maker = new(cluster, network, run, report);
    private readonly List<Fault> _made = [];

    /// <param name="faults">To be made in turn while the run goes on.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ChaosOutcome> Disturb(IEnumerable<Fault> faults, CancellationToken cancellation)
    {
        await using var client = new PersistentClient(cluster.Redis);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var follower = new RunFollower(client, run, report);
        try
        {
            await client.Ask(Start, ends.Token, StartTimeout);
            var end = follower.Follow(ends.Token);
            await Break(faults, follower, end, ends.Token);
            var status = await end;
            report($"{run} is {status.State.ToString().ToLowerInvariant()}");
            await _maker.AllOver;
            var update = await client.Ask(grains => grains.GetGrain<IExperimentGrain>(run).Watch(0), ends.Token);
            return Outcome(status, update.Events, follower);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new ChaosOutcome(
                _made,
                false,
                LedgerDifference.None,
                LedgerDifference.None,
                follower.MostRedone,
                $"{e.Message} ({follower})"
            );
        }
        finally
        {
            await ends.CancelAsync();
            await _maker.AllOver.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Break(IEnumerable<Fault> faults, RunFollower follower, Task end, CancellationToken cancellation)
    {
        foreach (var fault in faults)
        {
            var due = Due(fault, follower, cancellation);
            if (await Task.WhenAny(due, end) == end)
            {
                return;
            }

            await due;
            report($"fault {fault.Number}: {Told(fault)}, {follower}");
            _made.Add(fault);
            _maker.Make(fault, cancellation);
        }
    }

    private async Task Due(Fault fault, RunFollower follower, CancellationToken cancellation)
    {
        if (!fault.IsHasty)
        {
            await follower.Progress(cancellation);
        }

        await Task.Delay(fault.Delay, cancellation);
        await _maker.MayMake(fault);
    }

    private async Task<RunStatus> Start(IGrainFactory grains)
    {
        var experiment = grains.GetGrain<IExperimentGrain>(run);
        try
        {
            return await experiment.Start(new RunRequest(reference.Spec));
        }
        catch (RunExistsException)
        {
            return await experiment.Status(); // an earlier try got through
        }
    }

    private ChaosOutcome Outcome(RunStatus status, IReadOnlyList<RunEvent> events, RunFollower follower)
    {
        var ledger = RunLedger.Compare(reference.Events, events);
        var isEqual = status.StateHash == reference.StateHash;
        var watched = RunLedger.Compare(reference.Events, follower.Events);
        string?[] failures =
        [
            status.Error,
            isEqual ? null : $"The state hash is {status.StateHash}, expected {reference.StateHash}.",
            StateTraces.FirstDifference(reference.Events, events),
            ledger.Text,
            watched.Text is { } text ? $"To a watcher, {text}" : null,
        ];
        return new ChaosOutcome(
            _made,
            isEqual,
            ledger,
            watched,
            follower.MostRedone,
            failures.All(failure => failure is null) ? null : string.Join(' ', failures.OfType<string>())
        );
    }

    private static string Told(Fault fault)
    {
        var victim = fault.HitsOneSilo ? $" silo-{fault.Silo + 1}" : "";
        return $"{fault.Kind.ToString().ToLowerInvariant()}{victim} for {fault.Lasts.TotalSeconds:0.0} "
            + $"s{(fault.MovesPorts ? ", to other ports" : "")}";
    }
}
