using ForwardForward.Learning;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>Breaks clusters of real processes, and holds what comes out against the sequential trainer.</summary>
/// <param name="faults">Faults of the chaos.</param>
/// <param name="seed">Of their schedule.</param>
/// <param name="tries">Of each timed loss; 0: none.</param>
/// <param name="report">Hears what is done when.</param>
internal sealed class RecoveryBenchmark(int faults, int seed, int tries, Action<string> report)
{
    private const int Silos = 3;
    private readonly string _folder = Directory.CreateTempSubdirectory("forwardforward-recovery-").FullName;
    private int _clusters;

    /// <exception cref="InvalidInputException">redis-server is not installed.</exception>
    public async Task<RecoveryResult> Run(CancellationToken cancellation)
    {
        var isGood = false;
        try
        {
            report("the reference, undisturbed");
            var reference = await Undisturbed.Run(Path.Combine(_folder, "data"), cancellation);
            await using var network = await Network();
            var (sigkill, sigstop) = await Times(reference, network, cancellation);
            var runs = await Chaos(reference, network, cancellation);
            var result = RecoveryResult.Of(sigkill, sigstop, runs, reference.Spec.Checkpoint, seed);
            isGood = result.IsGood && runs.TrueForAll(run => run.Watched.Text is null);
            return result;
        }
        finally
        {
            if (isGood || cancellation.IsCancellationRequested)
            {
                Directory.Delete(_folder, recursive: true);
            }
            else
            {
                report($"The silos' logs are in {_folder}.");
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
            report($"The network is not cut here, because network namespaces cannot be made ({e.Message.TrimEnd('.')}).");
            return new LoopbackNetwork();
        }
    }

    private async Task<(RecoveryTimes? SigKill, RecoveryTimes? SigStop)> Times(Undisturbed reference, ISiloNetwork network, CancellationToken cancellation)
    {
        if (tries == 0)
        {
            return (null, null);
        }

        await using var cluster = await Start(network, cancellation);
        var timed = new TimedFaults(cluster, reference.Spec, Say);
        var sigkill = await timed.Measure(FaultKind.SigKill, tries, cancellation);
        return (RecoveryTimes.Of(sigkill), RecoveryTimes.Of(await timed.Measure(FaultKind.SigStop, tries, cancellation)));
    }

    private async Task<List<ChaosOutcome>> Chaos(Undisturbed reference, ISiloNetwork network, CancellationToken cancellation)
    {
        var schedule = new FaultSchedule(seed, Silos, network.CanCut);
        var runs = new List<ChaosOutcome>();
        ChaoticCluster? cluster = null;
        try
        {
            for (var made = 0; made < faults; made = runs.Sum(run => run.Faults.Count))
            {
                cluster ??= await Start(network, cancellation);
                var left = Enumerable.Range(made + 1, faults - made).Select(number => schedule[number]);
                var run = $"chaos-{runs.Count + 1}";
                runs.Add(await new ChaosRun(run, reference, cluster, network, Say).Disturb(left, cancellation));
                Tell(run, runs[^1], cluster);
                if (runs[^1].Faults.Count == 0)
                {
                    throw new InvalidOperationException($"{run} ended before a fault could be made in it: {runs[^1].Failure}");
                }

                if (runs[^1].Failure is not null)
                {
                    await cluster.DisposeAsync(); // its logs stay as they are
                    cluster = null;
                }
            }

            return runs;
        }
        finally
        {
            await (cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private Task<ChaoticCluster> Start(ISiloNetwork network, CancellationToken cancellation) =>
        ChaoticCluster.Start(network, Path.Combine(_folder, $"cluster-{++_clusters}"), Silos, cancellation);

    private void Tell(string run, ChaosOutcome outcome, ChaoticCluster cluster)
    {
        Say($"{run} {(outcome.Failure is { } failure ? $"is not as it should be: {failure}" : "ended in the reference's bytes")}");
        foreach (var (name, difference) in new[] { ("measured", outcome.Ledger), ("watched", outcome.Watched) })
        {
            if (difference.Text is { } text)
            {
                Say($"{run}, what was {name}: {text}");
                File.WriteAllLines(Path.Combine(cluster.Folder, $"{run}-{name}.differences"), difference.Sentences);
            }
        }
    }

    private void Say(string what) => report($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} seed {seed}, {what}");
}
