using ForwardForward.Chaos.Clusters;
using ForwardForward.Chaos.Faults;
using ForwardForward.Chaos.Networks;
using ForwardForward.Learning;

namespace ForwardForward.Chaos.Recovery;

/// <summary>Breaks clusters of real processes, and holds what comes out against the sequential trainer.</summary>
/// <param name="faults">Faults of the chaos.</param>
/// <param name="seed">Of their schedule.</param>
/// <param name="tries">Of each timed loss; 0: none.</param>
/// <param name="pairs">Of runs with and without checkpoints, for what these cost; 0: none.</param>
/// <param name="report">Hears what is done when.</param>
public sealed class RecoveryBenchmark(int faults, int seed, int tries, int pairs, Action<string> report)
{
    private const int Silos = 3;
    private readonly string _folder = Directory.CreateTempSubdirectory("forwardforward-recovery-").FullName;
    private SupervisedCluster? _cluster;
    private int _clusters;

    /// <exception cref="InvalidInputException">Neither Redis nor Valkey is installed.</exception>
    public async Task<RecoveryResult> Run(CancellationToken cancellation)
    {
        var keepsLogs = true;
        try
        {
            var cost = pairs == 0 ? null : await new CheckpointCost(pairs, Say).Measure(cancellation);
            Say("the reference, undisturbed");
            var reference = await Undisturbed.Run(Path.Combine(_folder, "data"), cancellation);
            await using var network = await Network();
            var result = await Break(reference, network, cancellation) with { CheckpointCost = cost };
            keepsLogs = !result.IsGood;
            return result;
        }
        finally
        {
            if (keepsLogs && !cancellation.IsCancellationRequested)
            {
                Say($"the silos' logs are in {_folder}");
            }
            else
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }

    private async Task<ISiloNetwork> Network()
    {
        try
        {
            return await NamespaceNetwork.Create(Silos);
        }
        catch (InvalidInputException e)
        {
            Say($"the network is not cut here, because network namespaces cannot be made ({e.Message.TrimEnd('.')})");
            return new LoopbackNetwork();
        }
    }

    private async Task<RecoveryResult> Break(Undisturbed reference, ISiloNetwork network, CancellationToken cancellation)
    {
        try
        {
            var sigkill = await Times(FaultKind.SigKill, reference, network, cancellation);
            var sigstop = await Times(FaultKind.SigStop, reference, network, cancellation);
            return RecoveryResult.Of(sigkill, sigstop, await Chaos(reference, network, cancellation), reference.Spec.Checkpoint, seed);
        }
        finally
        {
            await Abandon();
        }
    }

    private async Task<RecoveryTimes?> Times(FaultKind kind, Undisturbed reference, ISiloNetwork network, CancellationToken cancellation) =>
        tries == 0
            ? null
            : RecoveryTimes.Of(
                await new TimedFaults(await Cluster(network, cancellation), reference.Spec, Say).Measure(kind, tries, cancellation)
            );

    private async Task<List<ChaosOutcome>> Chaos(Undisturbed reference, ISiloNetwork network, CancellationToken cancellation)
    {
        var schedule = new FaultSchedule(seed, Silos, network.CanCut);
        var runs = new List<ChaosOutcome>();
        for (var made = 0; made < faults; made = runs.Sum(run => run.Faults.Count))
        {
            var left = Enumerable.Range(made + 1, faults - made).Select(number => schedule[number]);
            var run = $"chaos-{runs.Count + 1}";
            var outcome = await new ChaosRun(run, reference, await Cluster(network, cancellation), network, Say).Disturb(
                left,
                cancellation
            );
            runs.Add(outcome);
            Say($"{run} {(outcome.Failure is { } failure ? $"is not as it should be: {failure}" : "ended in the reference's bytes")}");
            if (outcome.Faults.Count == 0)
            {
                throw new InvalidOperationException($"{run} ended before a fault could be made in it: {outcome.Failure}");
            }

            if (outcome.Failure is not null)
            {
                await Abandon();
            }
        }

        return runs;
    }

    private async Task<SupervisedCluster> Cluster(ISiloNetwork network, CancellationToken cancellation) =>
        _cluster ??= await SupervisedCluster.Start(network, Path.Combine(_folder, $"cluster-{++_clusters}"), Silos, cancellation);

    // Its logs stay as they are, and what comes next starts afresh.
    private async Task Abandon()
    {
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        _cluster = null;
    }

    private void Say(string what) => report($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} seed {seed}, {what}");
}
