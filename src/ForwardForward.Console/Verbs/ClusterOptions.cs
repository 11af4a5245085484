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
        if (parsed.GetValue(Address) is { } given)
        {
            return ClusterConnection.Connect(given, parsed.GetValue(Id) ?? ClusterConnection.DefaultClusterId, cancellation);
        }

        var local = LocalCluster.OfUser;
        var silo = local.Status().Silos.FirstOrDefault(local.IsAlive)
            ?? throw new InvalidInputException("--cluster is missing and no silo that `ff cluster up` started runs here, expected HOST:PORT of a silo's gateway or of the cluster's Redis.");
        return ClusterConnection.Connect(silo.Gateway, parsed.GetValue(Id) ?? local.Status().ClusterId!, cancellation);
    }
}
