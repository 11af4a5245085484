using System.Text.Json.Serialization;
using ForwardForward.Client;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>What a cluster is when it is started again; these must stay as they are for the runs that it keeps to be found.</summary>
/// <param name="ClusterId">Their records are kept under it.</param>
/// <param name="Redis">HOST:PORT of the Redis that has the records; null: the cluster's own.</param>
/// <param name="Silos">How many there were.</param>
/// <param name="SharesCheckpoints">Whether the silos keep checkpoints in one folder, or each in one of its own.</param>
internal sealed record ClusterTraits(string ClusterId, string? Redis, int Silos, bool SharesCheckpoints)
{
    /// <summary>Whether silos with other kernels may join; may change.</summary>
    public bool IsMixed { get; init; }

    public const string SharesVariable = "FF_CHECKPOINTS_SHARED";
    public const string MixedVariable = "FF_MIXED";
    private const int DefaultSilos = 3;

    /// <summary>
    /// What the environment says about <see cref="SharesCheckpoints"/>, which the silos inherit; null: nothing, or nothing that can be
    /// read.
    /// </summary>
    public static bool? SharesByEnvironment =>
        bool.TryParse(Environment.GetEnvironmentVariable(SharesVariable), out var shares) ? shares : null;

    /// <summary>What silos are given as <see cref="SharesVariable"/>: one that nobody can read they refuse.</summary>
    [JsonIgnore]
    public string SharesGiven =>
        Environment.GetEnvironmentVariable(SharesVariable) is { Length: > 0 } given ? given : $"{SharesCheckpoints}";

    private static bool? MixedByEnvironment =>
        bool.TryParse(Environment.GetEnvironmentVariable(MixedVariable), out var isMixed) ? isMixed : null;

    /// <summary>What a request comes to where a cluster with such traits, or none, is kept.</summary>
    /// <param name="last">Of the cluster that was here before.</param>
    /// <param name="runs">Those that it keeps.</param>
    /// <param name="shares">What is asked for; null: nothing.</param>
    /// <exception cref="InvalidInputException">The request would lose sight of runs.</exception>
    public static ClusterTraits Of(LocalClusterRequest request, ClusterTraits? last, IReadOnlyList<string> runs, bool? shares)
    {
        var wanted = new ClusterTraits(
            request.ClusterId ?? last?.ClusterId ?? ClusterConnection.DefaultClusterId,
            request.Redis ?? last?.Redis,
            request.Silos ?? last?.Silos ?? DefaultSilos,
            shares ?? last?.SharesCheckpoints ?? true
        )
        {
            IsMixed = request.Mixed ?? MixedByEnvironment ?? last?.IsMixed ?? false,
        };
        return last is null || runs.Count == 0 || last.ConflictWith(wanted) is not { } conflict
            ? wanted
            : throw new InvalidInputException(
                $"{conflict.Given}, but {KeptRuns.Each(runs)} kept here {conflict.Where}: expected {conflict.Expected}; `ff "
                    + "cluster down --purge` removes what is kept."
            );
    }

    private (string Given, string Where, string Expected)? ConflictWith(ClusterTraits wanted) =>
        this switch
        {
            _ when wanted.ClusterId != ClusterId => (
                $"--cluster-id is '{wanted.ClusterId}'",
                $"belongs to the cluster '{ClusterId}'",
                "that id or none"
            ),
            _ when wanted.Redis != Redis => (
                $"--redis is '{wanted.Redis}'",
                $"is in {(Redis is null ? "the cluster's own Redis" : $"the Redis at {Redis}")}",
                Redis is null ? "no --redis" : "that one or none"
            ),
            _ when wanted.SharesCheckpoints != SharesCheckpoints => (
                $"{SharesVariable} is {Text(wanted.SharesCheckpoints)}",
                $"has its checkpoints in {(SharesCheckpoints ? "one folder for all silos" : "a folder for each silo")}",
                $"{Text(SharesCheckpoints)} or nothing"
            ),
            _ when !SharesCheckpoints && wanted.Silos < Silos => (
                $"--silos is '{wanted.Silos}'",
                $"has its checkpoints in the folders of {Silos} silos",
                $"{Silos} or more"
            ),
            _ => null,
        };

    private static string Text(bool value) => value ? "true" : "false";
}
