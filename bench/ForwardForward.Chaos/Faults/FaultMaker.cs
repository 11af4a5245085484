using ForwardForward.Chaos.Clusters;
using ForwardForward.Chaos.Networks;
using ForwardForward.Client.Processes;

namespace ForwardForward.Chaos.Faults;

/// <summary>
/// Makes faults in a cluster, several at a time where they do not meet, and leaves at least one silo undisturbed unless all are meant.
/// </summary>
/// <param name="run">What a watcher watches.</param>
/// <param name="report">Hears when what was broken works again.</param>
internal sealed class FaultMaker(SupervisedCluster cluster, ISiloNetwork network, string run, Action<string> report)
{
    private static readonly TimeSpan Notices = TimeSpan.FromSeconds(1);
    private readonly List<(Fault Fault, Task Ends)> _made = [];

    /// <summary>Completes when everything that was broken works again.</summary>
    /// <exception cref="InvalidOperationException">A process could not be started again.</exception>
    public Task AllOver => Task.WhenAll(_made.Select(made => made.Ends));

    /// <summary>Completes when the fault may be made; a fault that failed lets nothing else be made.</summary>
    public async Task MayMake(Fault fault)
    {
        while (Blocking(fault) is { Count: > 0 } blocking)
        {
            await await Task.WhenAny(blocking);
        }
    }

    public void Make(Fault fault, CancellationToken cancellation) => _made.Add((fault, Told(fault, Broken(fault, cancellation))));

    private Task Broken(Fault fault, CancellationToken cancellation) =>
        fault.Kind switch
        {
            FaultKind.SigKill => Replace(fault, silo => silo.Kill(), cancellation),
            FaultKind.SigTerm => Replace(fault, silo => silo.Terminate(), cancellation),
            FaultKind.SigStop => Suspend(fault, cancellation),
            FaultKind.Cut => Cut(fault, cancellation),
            FaultKind.Redis => KillRedis(fault, cancellation),
            FaultKind.Watcher => KillWatcher(fault, cancellation),
            _ => KillAll(fault, cancellation),
        };

    private async Task Told(Fault fault, Task broken)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await broken;
        report($"fault {fault.Number} is over after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private List<Task> Blocking(Fault fault)
    {
        var open = _made.Where(made => !made.Ends.IsCompletedSuccessfully).ToList();
        var meeting = open.Where(made => Meet(made.Fault, fault)).Select(made => made.Ends).ToList();
        var onSilos = open.Where(made => made.Fault.HitsOneSilo).Select(made => made.Ends).ToList();
        return meeting.Count == 0 && fault.HitsOneSilo && onSilos.Count >= cluster.Silos.Count - 1 ? onSilos : meeting;
    }

    private static bool Meet(Fault one, Fault other) =>
        one.Kind == FaultKind.All
        || other.Kind == FaultKind.All
        || (one.HitsOneSilo && other.HitsOneSilo && one.Silo == other.Silo)
        || (one.Kind == FaultKind.Redis && other.Kind == FaultKind.Redis);

    private async Task Replace(Fault fault, Action<ProcessMark> end, CancellationToken cancellation)
    {
        var silo = cluster.Silos[fault.Silo];
        silo.HoldDown();
        end(silo.Process);
        await Ended(silo.Process, cancellation);
        await Task.Delay(fault.Lasts, cancellation);
        silo.Release(fault.MovesPorts);
        await silo.Active(cancellation);
    }

    // Whether it was taken for dead meanwhile shows only after it goes on; then it ends by itself, and its supervisor starts another.
    private async Task Suspend(Fault fault, CancellationToken cancellation)
    {
        var silo = cluster.Silos[fault.Silo];
        silo.Process.Suspend();
        await Task.Delay(fault.Lasts, cancellation);
        silo.Process.Continue();
        await Task.Delay(Notices, cancellation);
        await silo.Active(cancellation);
    }

    private async Task Cut(Fault fault, CancellationToken cancellation)
    {
        await network.Cut(fault.Silo);
        try
        {
            await Task.Delay(fault.Lasts, cancellation);
        }
        finally
        {
            await network.Mend(fault.Silo);
        }

        await Task.Delay(Notices, cancellation);
        await cluster.Silos[fault.Silo].Active(cancellation);
    }

    private async Task KillRedis(Fault fault, CancellationToken cancellation)
    {
        cluster.KillRedis();
        await Task.Delay(fault.Lasts, cancellation);
        await cluster.StartRedis(cancellation);
    }

    private async Task KillWatcher(Fault fault, CancellationToken cancellation)
    {
        var watcher = cluster.StartWatcher(run);
        await Task.Delay(fault.Lasts, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        watcher.Kill();
    }

    private async Task KillAll(Fault fault, CancellationToken cancellation)
    {
        foreach (var silo in cluster.Silos)
        {
            silo.HoldDown();
            silo.Process.Kill();
        }

        cluster.KillRedis();
        await Task.Delay(fault.Lasts, cancellation);
        await cluster.StartRedis(cancellation);
        foreach (var silo in cluster.Silos)
        {
            silo.Release(fault.MovesPorts);
        }

        await cluster.Whole(cancellation);
    }

    // A silo that is asked to end has half a minute, as a supervisor would give it.
    private static async Task Ended(ProcessMark process, CancellationToken cancellation)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (process.IsAlive)
        {
            if (waited.Elapsed > TimeSpan.FromSeconds(30))
            {
                process.Kill();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }
    }
}
