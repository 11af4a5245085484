namespace ForwardForward.Console.Clusters.Hosts;

/// <summary>What a user asks <c>cluster up --hosts</c> for.</summary>
/// <param name="Hosts">One silo each, the first with the Redis.</param>
/// <param name="Redis">HOST:PORT of one that runs; null: one is started on the first host.</param>
/// <param name="ClusterId">Id that silos and clients of the cluster share; null: as it was, else the usual one.</param>
/// <param name="IsInsecure">Whether everybody who reaches the ports may come in.</param>
/// <param name="Mixed">Whether silos with other kernels may join; null: as it was.</param>
/// <param name="Data">Known data sets that each host is to have before the silos start.</param>
internal sealed record HostClusterRequest(
    IReadOnlyList<ClusterHost> Hosts,
    string? Redis,
    string? ClusterId,
    bool IsInsecure,
    bool? Mixed,
    IReadOnlyList<string> Data
);
