namespace ForwardForward.Console.Clusters.Local;

internal sealed partial class LocalCluster
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Stops what was started, silos first, which bring their runs to rest; all files stay.</summary>
    /// <returns>How many processes were stopped.</returns>
    public async Task<int> Down()
    {
        if (ClusterFile.Read(folder) is not { Processes.Count: > 0 } there)
        {
            return 0;
        }

        var runs = there.Cluster is { Redis: { } redis, ClusterId: { } id } ? await KeptRuns.WithRecords(redis, id) : [];
        var stopped = await Stop(there, StopTimeout);
        new ClusterFile(LocalClusterStatus.None, [], there.Traits ?? TraitsOf(there.Cluster), [.. runs.Union(Kept(there))]).Write(folder);
        return stopped;
    }

    /// <summary>Stops what was started and removes every file of it.</summary>
    /// <returns>How many processes were stopped.</returns>
    public async Task<int> Purge()
    {
        // no silo has to bring a run to rest that goes with it
        var stopped = ClusterFile.Read(folder) is { } there ? await Stop(there, TimeSpan.Zero) : 0;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return stopped;
    }

    /// <summary>What <see cref="Purge"/> would remove, a line each; empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> Holds()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var there = ClusterFile.Read(folder);
        var recorded = there?.Cluster is { Redis: { } redis, ClusterId: { } id } ? await KeptRuns.WithRecords(redis, id) : [];
        return KeptFiles.Lines(folder, [.. recorded.Union(Kept(there))], there?.Living.Count ?? 0, there?.Traits?.Redis);
    }

    private static async Task<int> Stop(ClusterFile there, TimeSpan patience)
    {
        var processes = there.Living;
        await Task.WhenAll(processes.Where(IsSilo).Select(silo => silo.Stop(patience)));
        await Task.WhenAll(processes.Where(process => !IsSilo(process)).Select(process => process.Stop(StopTimeout)));
        return processes.Count;
    }
}
