using System.Text.Json;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>One silo of a local cluster, as <c>cluster status --json</c> prints it.</summary>
/// <param name="Pid">Of its process.</param>
/// <param name="SiloEndpoint">HOST:PORT for other silos.</param>
/// <param name="Gateway">HOST:PORT for clients.</param>
/// <param name="Http">Address of <c>/health</c> and <c>/metrics</c>.</param>
internal sealed record LocalSilo(string Name, int Pid, string SiloEndpoint, string Gateway, string Http);

/// <summary>What a local cluster consists of; null where it has none.</summary>
internal sealed record LocalClusterStatus(string? ClusterId, string? Redis, string? Prometheus, IReadOnlyList<LocalSilo> Silos)
{
    public static LocalClusterStatus None { get; } = new(null, null, null, []);
}

/// <summary>The file that knows a local cluster and the processes it started, in the order they are to be stopped.</summary>
internal sealed record ClusterFile(LocalClusterStatus Cluster, IReadOnlyList<ProcessMark> Processes)
{
    private const string Name = "cluster.json";

    /// <summary>Where the cluster that `ff cluster` starts keeps its files, one for each user.</summary>
    public static string FolderOfUser => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "forwardforward",
        "cluster");

    /// <returns>Null where no cluster was started.</returns>
    public static ClusterFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path) ? JsonSerializer.Deserialize<ClusterFile>(File.ReadAllText(path), Json.OneLine) : null;
    }

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(this, Json.Indented));
}
