using StackExchange.Redis;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>The runs that a local cluster keeps: their records are in Redis, their checkpoints in its folder.</summary>
internal static class KeptRuns
{
    private const int MaxNamed = 5;
    private const string Record = "data"; // the field of a record that a run which was withdrawn leaves empty
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How many they are, and some of their names, before a verb.</summary>
    public static string Count(IReadOnlyList<string> runs) =>
        $"{(runs.Count == 1 ? "1 run" : $"{runs.Count} runs")} ({Some(runs)}) {(runs.Count == 1 ? "is" : "are")}";

    /// <summary>Each of them, before a verb.</summary>
    public static string Each(IReadOnlyList<string> runs) =>
        $"{(runs.Count == 1 ? "the run" : $"each of the {runs.Count} runs")} ({Some(runs)})";

    /// <param name="checkpoints">Folder of all checkpoints.</param>
    /// <param name="shares">Whether the silos share it.</param>
    /// <returns>Runs that have checkpoints, by name.</returns>
    public static IReadOnlyList<string> WithCheckpoints(string checkpoints, bool shares)
    {
        var holders = shares ? [checkpoints] : Folders(checkpoints);
        return [.. holders.SelectMany(Folders).Select(run => Path.GetFileName(run)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <param name="redis">HOST:PORT.</param>
    /// <returns>Runs that have records, by name; none where Redis does not answer.</returns>
    public static async Task<IReadOnlyList<string>> WithRecords(string redis, string clusterId)
    {
        const string Ending = "/run";
        var beginning = $"{clusterId}/state/experiment/";
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(
                $"{redis},connectTimeout={AnswerTimeout.TotalMilliseconds:0},connectRetry=0"
            );
            List<string> runs = [];
            await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: $"{beginning}*{Ending}"))
            {
                if (await connection.GetDatabase().HashStringLengthAsync(key, Record) > 0)
                {
                    runs.Add(key.ToString()[beginning.Length..^Ending.Length]);
                }
            }

            return [.. runs.Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return [];
        }
    }

    private static string Some(IReadOnlyList<string> runs) =>
        $"{string.Join(", ", runs.Take(MaxNamed))}{(runs.Count > MaxNamed ? ", ..." : "")}";

    private static string[] Folders(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(one => !Path.GetFileName(one).StartsWith('.'))] // the silos' marks are no run
            : [];
}
