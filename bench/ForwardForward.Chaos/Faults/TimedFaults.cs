using System.Diagnostics;
using ForwardForward.Chaos.Clusters;
using ForwardForward.Client;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Chaos.Faults;

/// <summary>One loss of a silo that holds a layer, timed.</summary>
/// <param name="LosesCoordinator">Whether the run's coordinator was on that silo too.</param>
/// <param name="DetectSeconds">From the signal until the coordinator, or the one that takes its place, knows.</param>
/// <param name="FirstSlotSeconds">From the signal to the first slot through the pipeline after the checkpoint that is taken up.</param>
public sealed record TimedLoss(bool LosesCoordinator, double DetectSeconds, double FirstSlotSeconds);

/// <summary>Takes silos from a run that would go on for long, and looks at it through a survivor alone.</summary>
internal sealed class TimedFaults(SupervisedCluster cluster, ExperimentSpec spec, Action<string> report)
{
    private const int Endless = 100_000;
    private const int CoordinatorEvery = 3;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ZombieEnds = TimeSpan.FromSeconds(5);

    private int _runs;

    /// <summary>Takes another silo each time; the third time the one with the coordinator.</summary>
    public async Task<IReadOnlyList<TimedLoss>> Measure(FaultKind kind, int tries, CancellationToken cancellation)
    {
        var losses = new List<TimedLoss>();
        for (var number = 0; number < tries; number++)
        {
            await cluster.Whole(cancellation);
            var victim = cluster.Silos[number % cluster.Silos.Count];
            var losesCoordinator = number % CoordinatorEvery == CoordinatorEvery - 1;
            losses.Add(await Lose(kind, victim, losesCoordinator, cancellation));
            report(
                $"{kind.ToString().ToLowerInvariant()} {victim.Name}{(losesCoordinator ? " with the coordinator" : "")}: "
                    + $"noticed after {losses[^1].DetectSeconds:0.00} s, first slot after {losses[^1].FirstSlotSeconds:0.00} s"
            );
        }

        return losses;
    }

    private async Task<TimedLoss> Lose(FaultKind kind, SupervisedSilo victim, bool losesCoordinator, CancellationToken cancellation)
    {
        var survivor = cluster.Silos.First(silo => silo != victim);
        await using var asked = await Connect(survivor, cancellation);
        var run = await Start(kind, losesCoordinator ? victim : survivor, victim, cancellation);
        var experiment = asked.Grains.GetGrain<IExperimentGrain>(run);
        var before = await Until(
            experiment,
            status => status is { State: RunState.Running, LastCheckpointSlot: > 0 },
            $"{run} took no checkpoint",
            cancellation
        );

        var watch = Stopwatch.StartNew();
        victim.HoldDown();
        (kind == FaultKind.SigKill ? (Action)victim.Process.Kill : victim.Process.Suspend)();
        await Until(
            experiment,
            status => status.State == RunState.Recovering || status.Generation > before.Generation,
            $"nobody noticed the loss of {victim.Name}",
            cancellation
        );
        var detected = watch.Elapsed;
        await Until(
            experiment,
            status => status.Generation > before.Generation && status.State == RunState.Running && status.Slot > status.FirstSlot,
            $"{run} did not go on without {victim.Name}",
            cancellation
        );
        var first = watch.Elapsed;

        await Return(kind, victim, cancellation);
        var returned = await Until(experiment, _ => true, $"{run} did not answer", cancellation);
        await Until(
            experiment,
            status => status.State == RunState.Running && status.Slot > returned.Slot,
            $"{run} did not go on after {victim.Name} was back",
            cancellation
        );
        await experiment.Cancel().WaitAsync(StartTimeout, cancellation);
        return new TimedLoss(losesCoordinator, detected.TotalSeconds, first.TotalSeconds);
    }

    // One that was only held goes on as if nothing had been, until it learns that it was taken for dead.
    private async Task Return(FaultKind kind, SupervisedSilo victim, CancellationToken cancellation)
    {
        if (kind == FaultKind.SigStop)
        {
            var waited = Stopwatch.StartNew();
            for (victim.Process.Continue(); victim.Process.IsAlive && waited.Elapsed < ZombieEnds; )
            {
                await Task.Delay(Pace, cancellation);
            }

            report(
                victim.Process.IsAlive
                    ? $"{victim.Name} was taken for dead and still runs after {ZombieEnds.TotalSeconds:0} s"
                    : $"{victim.Name} was taken for dead and ended by itself after {waited.Elapsed.TotalSeconds:0.0} s"
            );
            victim.Process.Kill();
        }

        victim.Release();
    }

    /// <returns>The name of a run with its coordinator where it is wanted and a layer on the silo to be lost.</returns>
    private async Task<string> Start(FaultKind kind, SupervisedSilo coordinator, SupervisedSilo victim, CancellationToken cancellation)
    {
        await using var client = await Connect(coordinator, cancellation); // a coordinator comes up where it is first asked for
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromSeconds(1), cancellation))
        {
            var run = $"{kind.ToString().ToLowerInvariant()}-{++_runs}";
            var experiment = client.Grains.GetGrain<IExperimentGrain>(run);
            var status = await experiment.Start(new RunRequest(spec with { Epochs = Endless })).WaitAsync(StartTimeout, cancellation);
            var place = await client.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(experiment, cancellation);
            if (
                status.Plan.Any(layer => layer.Silo == victim.Name)
                && place?.Endpoint.ToString() == $"{coordinator.Place.Address}:{coordinator.Place.Port}"
            )
            {
                return run;
            }

            await experiment.Cancel();
            if (waited.Elapsed > MaxWait)
            {
                throw new InvalidOperationException(
                    $"No layer was placed on {victim.Name} or no coordinator on {coordinator.Name}: {status.PlanReason}"
                );
            }
        }
    }

    private static Task<ClusterConnection> Connect(SupervisedSilo silo, CancellationToken cancellation) =>
        ClusterConnection.Connect(silo.Place.Gateway, ClusterConnection.DefaultClusterId, cancellation, onlyThere: true);

    private static async Task<RunStatus> Until(
        IExperimentGrain experiment,
        Predicate<RunStatus> wanted,
        string otherwise,
        CancellationToken cancellation
    )
    {
        RunStatus? last = null;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < MaxWait; await Task.Delay(Pace, cancellation))
        {
            var asked = experiment.Status();
            // what is asked of a silo that is gone is not answered
            await ((Task)asked.WaitAsync(PollTimeout, cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsCompletedSuccessfully && wanted(last = await asked))
            {
                return last;
            }
        }

        throw new InvalidOperationException(
            $"Within {MaxWait.TotalSeconds:0} s {otherwise}; last heard: {last?.State}, generation {last?.Generation}, slot "
                + $"{last?.Slot}."
        );
    }
}
