using System.CommandLine;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Training;
using ForwardForward.Learning;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Verbs;

/// <summary>The options that name a cluster, the same for every verb that talks to one.</summary>
internal sealed class ClusterOptions
{
    private const string TlsVariable = "FF_TLS_FOLDER";
    private static readonly TimeSpan GreetingTimeout = TimeSpan.FromSeconds(1.5); // that a verb waits for a cluster nobody named
    private static readonly TimeSpan NamesTimeout = TimeSpan.FromSeconds(3);

    public Option<string?> Address { get; } = Options.Text("--cluster", "HOST:PORT", "Gateway of a silo, or the cluster's Redis.");

    public Option<string?> Id { get; } =
        Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");

    public Option<string?> Tls { get; } =
        Options.Text("--tls", "DIR", $"Folder with the certificate to come in with; default: ${TlsVariable}, else the local cluster's.");

    public bool IsNamed(ParseResult parsed) => parsed.GetValue(Address) is not null;

    /// <exception cref="ClusterUnreachableException">It does not answer.</exception>
    /// <exception cref="InvalidInputException">There is no cluster to talk to, or the certificate cannot be used.</exception>
    public async Task<ClusterConnection> Connect(ParseResult parsed, CancellationToken cancellation)
    {
        var own = parsed.GetValue(Address) is null ? StartedCluster.OfUser.Gateways : [];
        var address =
            parsed.GetValue(Address)
            ?? (own.Count > 1 ? await First(own, cancellation) : null)
            ?? (own.Count > 0 ? own[0] : null)
            ?? throw new InvalidInputException(
                "--cluster is missing and no silo that `ff cluster up` started runs here, expected HOST:PORT of a silo's "
                    + "gateway or of the cluster's Redis."
            );
        return await Connect(parsed, address, cancellation);
    }

    /// <summary>The cluster that is named, which must answer; else one that is known and answers within a second or so.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="other">HOST:PORT of one that may be known beside that which `ff cluster up` started.</param>
    /// <param name="cancellation">Ends the tries.</param>
    /// <exception cref="ClusterUnreachableException">The one that is named does not answer.</exception>
    public async Task<KnownCluster> Known(ParseResult parsed, string? other, CancellationToken cancellation)
    {
        if (IsNamed(parsed))
        {
            return new KnownCluster(await Connect(parsed, cancellation), null);
        }

        var own = StartedCluster.OfUser.Gateways;
        var (address, silent) = (await First(own, cancellation), own.Count > 0 ? own[0] : other);
        if (address is null && other is not null && !own.Contains(other))
        {
            address = await First([other], cancellation);
        }

        try
        {
            return address is null ? new KnownCluster(null, silent) : new KnownCluster(await Connect(parsed, address, cancellation), null);
        }
        catch (ClusterUnreachableException)
        {
            return new KnownCluster(null, address);
        }
    }

    /// <summary>Names that no run here may take. A cluster that cannot be asked keeps nobody from one.</summary>
    public async Task<TakenNames> Taken(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            await using var known = await Known(parsed, other: null, cancellation);
            return new TakenNames(await known.Names().WaitAsync(NamesTimeout, cancellation), known.Connection?.Address);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or InvalidInputException or OperationCanceledException)
        {
            return TakenNames.None;
        }
    }

    // The first in order that says anything, all asked at once: a cluster is told by the same gateway each time.
    private static async Task<string?> First(IEnumerable<string> gateways, CancellationToken cancellation)
    {
        List<(string Gateway, Task<bool> Greets)> asked =
        [
            .. gateways.Select(gateway => (gateway, ClusterAddress.Greets(gateway, GreetingTimeout, cancellation))),
        ];
        foreach (var (gateway, greets) in asked)
        {
            if (await greets)
            {
                return gateway;
            }
        }

        return null;
    }

    /// <param name="address">HOST:PORT, whatever the command line says.</param>
    /// <exception cref="ClusterUnreachableException">It does not answer.</exception>
    public Task<ClusterConnection> Connect(ParseResult parsed, string address, CancellationToken cancellation)
    {
        var started = StartedCluster.OfUser;
        var isOwn = started.Has(address);
        var id = parsed.GetValue(Id) ?? (isOwn ? started.Status.ClusterId : null) ?? ClusterConnection.DefaultClusterId;
        var certificates =
            parsed.GetValue(Tls)
            ?? (
                Environment.GetEnvironmentVariable(TlsVariable) is { Length: > 0 } folder ? folder
                : isOwn ? started.ClientCertificates
                : null
            );
        return ClusterConnection.Connect(
            address,
            id,
            cancellation,
            handshake: certificates is null ? null : new Handshake(new CertificateFolder(certificates), id)
        );
    }
}
