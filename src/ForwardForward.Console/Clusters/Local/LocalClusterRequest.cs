namespace ForwardForward.Console.Clusters.Local;

/// <summary>What a user asks <c>cluster up</c> for; null: as the cluster was that is kept here, else the default.</summary>
/// <param name="Silos">How many silo processes.</param>
/// <param name="Prometheus">Whether to start one that watches them.</param>
/// <param name="Redis">HOST:PORT of one that runs; by default one is started.</param>
/// <param name="ClusterId">Id that silos and clients of the cluster share.</param>
/// <param name="Tls">Whether silos and clients prove to each other who they are, with certificates that are made for the cluster.</param>
/// <param name="Mixed">Whether silos with other kernels may join.</param>
internal sealed record LocalClusterRequest(
    int? Silos = null,
    bool Prometheus = false,
    string? Redis = null,
    string? ClusterId = null,
    bool? Tls = null,
    bool? Mixed = null
);
