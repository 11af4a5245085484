using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Comparisons;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Verbs;

/// <summary>Finds the runs that a command line names, to compare them.</summary>
internal sealed class RunsBesideEachOther(ClusterOptions options, ParseResult parsed, CancellationToken cancellation)
{
    /// <param name="names">Names of runs, or their folders.</param>
    /// <exception cref="Learning.InvalidInputException">One is nowhere or given twice, or there are too few.</exception>
    public async Task<RunComparison> Compare(IReadOnlyList<string> names)
    {
        var runs = new List<ComparedRun>();
        foreach (var name in names)
        {
            await using var found = await new RunSearch(options, parsed, cancellation).Find(name);
            runs.Add(await Of(found));
        }

        return new RunComparison(runs);
    }

    // A cluster's run that was followed here has a folder, which will do where the cluster does not answer.
    private static async Task<ComparedRun> Of(FoundRun found)
    {
        if (found.Cluster is not { } cluster)
        {
            return ComparedRun.Of(found.Run);
        }

        var (status, events) = await new ClusterRuns(cluster).Course(found.Name);
        return new ComparedRun(found.Run, status.Spec, RunRecords.Of(events.Select(MetricLine.Of)));
    }
}
