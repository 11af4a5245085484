using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>A host with what was started there.</summary>
/// <param name="Home">Folder for everything of ours there.</param>
/// <param name="DotNet">Program that runs the silo.</param>
/// <param name="Silo">Null: none was started yet, or it was stopped.</param>
internal sealed record StartedHost(ClusterHost Host, string Home, string DotNet, LocalSilo? Silo)
{
    /// <summary>Whether there may be processes or files of the cluster there: from before its start until they were taken away.</summary>
    public bool IsTouched { get; init; }

    /// <summary>Folder of a cluster's files there.</summary>
    public string State(string clusterId) => $"{Home}/clusters/{clusterId}";
}

/// <summary>The file that knows a cluster of several hosts: what runs where, and how to come in.</summary>
/// <param name="Redis">HOST:PORT for people.</param>
/// <param name="RedisSettings">As silos are given it, with the password.</param>
/// <param name="RedisHost">Name of the host that has it; null: it was there before.</param>
/// <param name="Program">Name of the program's folder on the hosts.</param>
/// <param name="Hosts">All that anything was started on, the first of them first.</param>
/// <param name="Kept">Runs whose files were fetched when the cluster was taken down; empty while it is up.</param>
internal sealed record HostClusterFile(
    string ClusterId,
    string Redis,
    string RedisSettings,
    string? RedisHost,
    string Program,
    bool IsInsecure,
    bool IsMixed,
    IReadOnlyList<StartedHost> Hosts,
    IReadOnlyList<string> Kept
)
{
    private const string Name = "cluster.json";

    public static string FolderOfUser => Path.Combine(Path.GetDirectoryName(ClusterFile.FolderOfUser)!, "hosts");

    [JsonIgnore]
    public bool IsUp => Hosts.Any(host => host.IsTouched);

    /// <returns>Null where no such cluster was started.</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static HostClusterFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<HostClusterFile>(File.ReadAllText(path), Json.OneLine) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{path} is damaged, expected what `ff cluster up --hosts` has written there.", e);
        }
    }

    // It has the password of the Redis.
    public void Write(string folder) =>
        WholeFile.Replace(
            Path.Combine(folder, Name),
            JsonSerializer.Serialize(this, Json.Indented),
            UnixFileMode.UserRead | UnixFileMode.UserWrite
        );
}
