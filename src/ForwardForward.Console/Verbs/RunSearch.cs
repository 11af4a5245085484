using System.CommandLine;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>
/// A run that was found: in a folder of this machine, on a cluster, or both, where a folder keeps what a cluster's run measured.
/// </summary>
/// <param name="Run">As it is told where it is led; from its folder where that cluster does not answer.</param>
/// <param name="Cluster">Null where it is not a cluster's, or that does not answer.</param>
internal sealed record FoundRun(RunSummary Run, ClusterConnection? Cluster) : IAsyncDisposable
{
    public string Name => Run.Run;

    /// <summary>The cluster that has it, for verbs that nothing else can answer.</summary>
    /// <exception cref="ClusterUnreachableException">It does not answer.</exception>
    public ClusterConnection Leader =>
        Cluster
        ?? throw new ClusterUnreachableException(
            $"The run '{Name}' is {RunPlace.Sentence(Run)}, which does not "
                + $"answer{(Run.Output is null ? "" : $"; what was measured until it was last heard of is in {Run.Output}")}."
        );

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>
/// Finds a run by its name wherever it is: in ./runs, on the cluster that is named, or on the one that `ff cluster up` started.
/// </summary>
internal sealed class RunSearch(ClusterOptions options, ParseResult parsed, CancellationToken cancellation)
{
    /// <param name="nameOrFolder">Name of a run, or its folder.</param>
    /// <param name="parent">The folder of the runs.</param>
    /// <exception cref="InvalidInputException">It is nowhere.</exception>
    /// <exception cref="ClusterUnreachableException">The cluster that is named does not answer.</exception>
    public async Task<FoundRun> Find(string nameOrFolder, string parent = RunFolder.Runs)
    {
        var here = RunList.TryFind(nameOrFolder, parent);
        if (here is { IsOfHere: true } && !options.IsNamed(parsed))
        {
            return new FoundRun(here, null);
        }

        var known = await options.Known(parsed, here?.Where, cancellation);
        FoundRun? found = null;
        try
        {
            found = known.Connection is { } there ? await On(there, here?.Run ?? nameOrFolder, here) : null;
            return found
                ?? (
                    here is not null && !options.IsNamed(parsed)
                        ? new FoundRun(here, null)
                        : throw await Nowhere(nameOrFolder, parent, here, known)
                );
        }
        finally
        {
            if (found is null)
            {
                await known.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// What is here and on a cluster, the last started first; a run that a cluster has and a folder here keeps the files of is one.
    /// </summary>
    public static IReadOnlyList<RunSummary> Together(
        IReadOnlyList<RunSummary> here,
        IReadOnlyList<RunStatus> there,
        Func<RunStatus, string?, RunSummary> told
    )
    {
        var both = there.Select(status => (Status: status, Here: here.FirstOrDefault(run => RunPlace.IsSame(run, status)))).ToList();
        return
        [
            .. here.Except(both.Select(run => run.Here).OfType<RunSummary>())
                .Concat(both.Select(run => told(run.Status, run.Here?.Output)))
                .OrderByDescending(run => run.StartedAt),
        ];
    }

    private static async Task<FoundRun?> On(ClusterConnection cluster, string run, RunSummary? here)
    {
        var runs = new ClusterRuns(cluster);
        return await runs.Find(run) is { } status
            ? new FoundRun(runs.Told(status, here is not null && RunPlace.IsSame(here, status) ? here.Output : null), cluster)
            : null;
    }

    private async Task<InvalidInputException> Nowhere(string run, string parent, RunSummary? here, KnownCluster known)
    {
        var names = await known.Names();
        return new InvalidInputException(
            (known.Connection?.Address, known.Silent) switch
            {
                ({ } address, _) when here is not null =>
                    $"There is no run '{run}' on the cluster at {address}, but one of that name is here ({here.Output}): leave "
                        + "--cluster out to mean that.",
                ({ } address, _) when options.IsNamed(parsed) =>
                    $"There is no run '{run}' on the cluster at {address}{Suggestion.Ending(run, names)}",
                ({ } address, _) => RunList.WhyNone(run, parent, $" or on the cluster at {address}", names),
                (_, { } silent) => RunList.WhyNone(run, parent, $", and the cluster at {silent} does not answer"),
                _ => RunList.WhyNone(run, parent),
            }
        );
    }
}
