using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Connections.Security;

/// <summary>
/// Mutual TLS: both ends show a certificate of the cluster's own authority that names their role. Nobody else gets further, and whoever
/// does not finish in time is cut off.
/// </summary>
/// <param name="certificates">This end's.</param>
/// <param name="clusterId">Of the cluster that both must belong to.</param>
public sealed class Handshake(CertificateFolder certificates, string clusterId)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>This end's.</summary>
    public CertificateFolder Certificates => certificates;

    public string ClusterId => clusterId;

    /// <summary>For who was connected to.</summary>
    /// <returns>The encrypted stream, and who is at the other end.</returns>
    /// <exception cref="AuthenticationException">It may not come in.</exception>
    public async Task<(Stream Stream, ClusterRole Peer)> AsServer(Socket socket, CancellationToken cancellation)
    {
        ClusterRole? peer = null;
        var credentials = certificates.Current;
        var stream = await Over(
            socket,
            (ssl, patience) =>
                ssl.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = credentials.Own,
                        ClientCertificateRequired = true,
                        EnabledSslProtocols = Protocols,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                            (peer = Examine(certificate, credentials)) is not null,
                    },
                    patience
                ),
            cancellation
        );
        return (stream, peer!.Value);
    }

    /// <summary>For who connects, to a silo.</summary>
    /// <exception cref="AuthenticationException">The other end is no silo of the cluster.</exception>
    public async Task<Stream> AsClient(Socket socket, CancellationToken cancellation)
    {
        var credentials = certificates.Current;
        return await Over(
            socket,
            (ssl, patience) =>
                ssl.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = ClusterName.Of(ClusterRole.Silo, clusterId),
                        ClientCertificates = [credentials.Own],
                        EnabledSslProtocols = Protocols,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                            Examine(certificate, credentials) == ClusterRole.Silo,
                    },
                    patience
                ),
            cancellation
        );
    }

    private static async Task<Stream> Over(
        Socket socket,
        Func<SslStream, CancellationToken, Task> authenticate,
        CancellationToken cancellation
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Timeout);
        var ssl = new SslStream(new WideStream(socket));
        try
        {
            await authenticate(ssl, patience.Token);
            return ssl;
        }
        catch (Exception e)
        {
            await ssl.DisposeAsync();
            throw e is AuthenticationException
                ? e
                : new AuthenticationException($"The other end does not speak TLS as this cluster does ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private ClusterRole? Examine(X509Certificate? certificate, Credentials credentials) =>
        certificate is X509Certificate2 shown ? CertificateExamination.RoleOf(shown, credentials, clusterId) : null;
}
