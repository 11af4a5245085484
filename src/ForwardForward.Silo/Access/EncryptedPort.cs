using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Runtime.Connections.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ForwardForward.Silo.Access;

/// <summary>
/// A port that speaks HTTPS to who begins with TLS, and HTTP to everybody else: Prometheus and probes come as they did, the page and the
/// API ask for the encrypted way (<see cref="CallerFilter"/>).
/// </summary>
internal static class EncryptedPort
{
    private const byte Handshake = 22; // of a TLS record, RFC 8446 section 5.1; no method of HTTP begins so
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void UseEncryption(this ListenOptions port, Handshake handshake)
    {
        ConnectionDelegate? plain = null;
        port.Use(encrypted =>
            async connection =>
            {
                if (await Begins(connection) is { } first)
                {
                    await (first == Handshake ? encrypted : plain!)(connection);
                }
            }
        );
        port.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = Patience,
                OnConnection = _ => new(Options(handshake.Certificates.Current, handshake.ClusterId)),
            }
        );
        port.Use(next => plain = next);
    }

    // Null: it has said nothing in time, or is gone.
    private static async Task<byte?> Begins(ConnectionContext connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(Patience);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(patience.Token);
            byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return first;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // Who shows none hears from the page why one is needed; a browser says it less well.
    private static SslServerAuthenticationOptions Options(Credentials credentials, string clusterId) =>
        new()
        {
            ServerCertificate = credentials.Own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is null
                || (certificate is X509Certificate2 shown && CertificateExamination.RoleOf(shown, credentials, clusterId) is not null),
        };
}
