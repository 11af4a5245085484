using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Verbs;

/// <summary>The options that name a cluster, the same for every verb that talks to one.</summary>
internal sealed class ClusterOptions
{
    private const string TlsVariable = "FF_TLS_FOLDER";

    public Option<string?> Address { get; } = Options.Text("--cluster", "HOST:PORT", "Gateway of a silo, or the cluster's Redis.");

    public Option<string?> Id { get; } = Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");

    public Option<string?> Tls { get; } = Options.Text("--tls", "DIR", $"Folder with the certificate to come in with; default: ${TlsVariable}, or that of the cluster which `ff cluster up --tls` started.");

    /// <exception cref="ClusterUnreachableException">It does not answer.</exception>
    /// <exception cref="InvalidInputException">There is no cluster to talk to, or the certificate cannot be used.</exception>
    public Task<ClusterConnection> Connect(ParseResult parsed, CancellationToken cancellation)
    {
        var local = LocalCluster.OfUser;
        var status = local.Status();
        var (address, id) = (parsed.GetValue(Address), parsed.GetValue(Id));
        if (address is null)
        {
            var silo = status.Silos.FirstOrDefault(local.IsAlive)
                ?? throw new InvalidInputException("--cluster is missing and no silo that `ff cluster up` started runs here, expected HOST:PORT of a silo's gateway or of the cluster's Redis.");
            (address, id) = (silo.Gateway, id ?? status.ClusterId);
        }

        id ??= ClusterConnection.DefaultClusterId;
        var isLocal = status.Redis == address || status.Silos.Any(silo => silo.Gateway == address);
        var certificates = parsed.GetValue(Tls) ?? (Environment.GetEnvironmentVariable(TlsVariable) is { Length: > 0 } folder ? folder : isLocal ? local.ClientCertificates : null);
        return ClusterConnection.Connect(address, id, cancellation, handshake: certificates is null ? null : new Handshake(new CertificateFolder(certificates), id));
    }
}
