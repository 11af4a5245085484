using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>The options that name a cluster, the same for every verb that talks to one.</summary>
internal sealed class ClusterOptions
{
    public Option<string?> Address { get; } = Options.Text("--cluster", "HOST:PORT", "Gateway of a silo, or the cluster's Redis.");

    public Option<string?> Id { get; } = Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");

    /// <exception cref="ClusterUnreachableException">It does not answer.</exception>
    public Task<ClusterConnection> Connect(ParseResult parsed, CancellationToken cancellation)
    {
        var local = LocalCluster.OfUser.Status();
        var address = parsed.GetValue(Address) ?? (local.Silos.Count > 0 ? local.Silos[0].Gateway : null)
            ?? throw new InvalidInputException("--cluster is missing and `ff cluster up` has started none here, expected HOST:PORT of a silo's gateway or of the cluster's Redis.");
        return ClusterConnection.Connect(address, parsed.GetValue(Id) ?? (parsed.GetValue(Address) is null ? local.ClusterId! : ClusterConnection.DefaultClusterId), cancellation);
    }
}
