using System.Text.Json;
using System.Text.Json.Serialization;
using ForwardForward.Client.Processes;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>One silo of a local cluster, as <c>cluster status --json</c> prints it.</summary>
/// <param name="Pid">Of its process.</param>
/// <param name="SiloEndpoint">HOST:PORT for other silos.</param>
/// <param name="Gateway">HOST:PORT for clients.</param>
/// <param name="Http">Address of <c>/health</c> and <c>/metrics</c>.</param>
internal sealed record LocalSilo(string Name, int Pid, string SiloEndpoint, string Gateway, string Http);

/// <summary>What a cluster that was taken down has left.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Runs">Their names.</param>
internal sealed record KeptCluster(string Folder, IReadOnlyList<string> Runs);

/// <summary>What a local cluster consists of; null where it has none.</summary>
internal sealed record LocalClusterStatus(string? ClusterId, string? Redis, string? Prometheus, IReadOnlyList<LocalSilo> Silos)
{
    public static LocalClusterStatus None { get; } = new(null, null, null, []);

    /// <summary>Null while it is up, and where nothing is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeptCluster? Kept { get; init; }
}

/// <summary>The file that knows a local cluster and the processes it started, in the order they are to be stopped.</summary>
/// <param name="Traits">Of the cluster, also after it was taken down; null in a file of a version that knew none.</param>
/// <param name="Runs">Those it had when it was taken down.</param>
internal sealed record ClusterFile(
    LocalClusterStatus Cluster,
    IReadOnlyList<ProcessMark> Processes,
    ClusterTraits? Traits = null,
    IReadOnlyList<string>? Runs = null
)
{
    private const string Name = "cluster.json";

    /// <summary>Where the cluster that `ff cluster` starts keeps its files, one for each user.</summary>
    public static string FolderOfUser =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
                ? state
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "forwardforward",
            "cluster"
        );

    /// <summary>Those of its processes that are there.</summary>
    [JsonIgnore]
    public IReadOnlyList<ProcessMark> Living => [.. Processes.Where(process => process.IsAlive)];

    /// <returns>Null where no cluster was started.</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static ClusterFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ClusterFile>(File.ReadAllText(path), Json.OneLine) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(
                $"{path} is damaged, expected what `ff cluster up` has written there; without the file the next `up` starts a "
                    + $"cluster with the runs that {folder} keeps.",
                e
            );
        }
    }

    // What it forgets, nobody stops.
    public void Write(string folder) => WholeFile.Replace(Path.Combine(folder, Name), JsonSerializer.Serialize(this, Json.Indented));
}
