using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.Clusters.Local;

namespace ForwardForward.Console.Clusters;

/// <summary>The cluster that `ff cluster up` started for this user, here or on hosts, as verbs see it that only talk to it.</summary>
/// <param name="Gateways">Of the silos that are not known to have ended.</param>
/// <param name="ClientCertificates">What a console shows to come in; null where everybody may.</param>
internal sealed record StartedCluster(LocalClusterStatus Status, IReadOnlyList<string> Gateways, string? ClientCertificates)
{
    public static StartedCluster OfUser
    {
        get
        {
            var hosts = HostCluster.OfUser();
            if (hosts.IsUp)
            {
                var there = hosts.Status();
                return new StartedCluster(there, [.. there.Silos.Select(silo => silo.Gateway)], hosts.ClientCertificates);
            }

            var local = LocalCluster.OfUser;
            var status = local.Status();
            return new StartedCluster(
                status,
                [.. status.Silos.Where(local.IsAlive).Select(silo => silo.Gateway)],
                local.ClientCertificates
            );
        }
    }

    /// <summary>Whether an address is one of it.</summary>
    public bool Has(string address) => Status.Redis == address || Status.Silos.Any(silo => silo.Gateway == address);
}
