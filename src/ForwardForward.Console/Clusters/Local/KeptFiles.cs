namespace ForwardForward.Console.Clusters.Local;

/// <summary>What lies in the folder of a local cluster, for a person who is to say whether it may go.</summary>
internal static class KeptFiles
{
    private const double Mega = 1e6;
    private static readonly (string Folder, string Holds)[] Kinds =
    [
        ("checkpoints", "their checkpoints"),
        ("redis", "Redis' file with their records"),
        ("records", "records of runs"),
        ("prometheus", "Prometheus' data"),
        ("tls", "the cluster's certificates"),
    ];

    /// <param name="runs">Names of those that it keeps.</param>
    /// <param name="processes">How many are running.</param>
    /// <param name="redis">HOST:PORT of a Redis elsewhere that has the runs' records; null: their own.</param>
    public static IReadOnlyList<string> Lines(string folder, IReadOnlyList<string> runs, int processes, string? redis) =>
        [
            .. processes > 0 ? [$"{processes} processes are running"] : Array.Empty<string>(),
            runs.Count > 0 ? $"{runs.Count} run{(runs.Count == 1 ? "" : "s")}: {string.Join(", ", runs)}" : "no run",
            .. from kind in Kinds
            let place = Path.Combine(folder, kind.Folder)
            where Directory.Exists(place)
            select $"{kind.Holds}, {Size(place, SearchOption.AllDirectories)}",
            .. redis is null ? Array.Empty<string>() : [$"(not the runs' records in the Redis at {redis}, which stay there)"],
            $"logs, {Size(folder, SearchOption.TopDirectoryOnly)}",
        ];

    private static string Size(string folder, SearchOption depth)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = depth == SearchOption.AllDirectories };
        return $"{new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(file => file.Length) / Mega:0.0} MB";
    }
}
