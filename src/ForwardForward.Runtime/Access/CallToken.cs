using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Runtime.Access;

/// <summary>
/// What a call carries to say who makes it: the caller's certificate, a time, and its signature of both, as text. A gateway hands on
/// whatever sender a client names, so the connection that a call came by proves nothing to the grain that it reaches. Only silos ever see a
/// pass, so it need not name the call that it goes with.
/// </summary>
public static class CallToken
{
    private const int MaxLength = 16384;
    private const char Between = '.';

    /// <param name="until">When it ceases to hold.</param>
    /// <exception cref="CryptographicException">The key cannot sign.</exception>
    public static string Sign(Credentials credentials, string clusterId, DateTimeOffset until)
    {
        var time = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var said = Said(clusterId, time);
        using var curve = credentials.Own.GetECDsaPrivateKey();
        using var rsa = curve is null ? credentials.Own.GetRSAPrivateKey() : null;
        var signature =
            curve?.SignData(said, HashAlgorithmName.SHA256)
            ?? rsa?.SignData(said, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            ?? throw new CryptographicException("The certificate's key is neither ECDSA nor RSA.");
        return string.Join(Between, Convert.ToBase64String(credentials.Own.RawData), time, Convert.ToBase64String(signature));
    }

    /// <param name="now">A silo's own time: passes of silos hold beyond the time of their certificates, as their connections do.</param>
    /// <returns>Null where it proves nothing; never fails, whatever the text.</returns>
    public static (Caller Caller, DateTimeOffset Until)? Read(string text, Credentials credentials, string clusterId, DateTimeOffset now)
    {
        var parts = text.Length <= MaxLength ? text.Split(Between) : [];
        if (
            parts.Length != 3
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || DateTimeOffset.FromUnixTimeSeconds(seconds) <= now
        )
        {
            return null;
        }

        try
        {
            var shown = Convert.FromBase64String(parts[0]);
            using var certificate = X509CertificateLoader.LoadCertificate(shown);
            return
                certificate.RawDataMemory.Span.SequenceEqual(shown)
                && CertificateExamination.RoleOf(certificate, credentials, clusterId, isTimeLeftAside: true) is { } role
                && (role == ClusterRole.Silo || (certificate.NotBefore <= now.LocalDateTime && certificate.NotAfter >= now.LocalDateTime))
                && IsSigned(certificate, Said(clusterId, parts[1]), Convert.FromBase64String(parts[2]))
                ? (
                    new Caller(role, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
                    DateTimeOffset.FromUnixTimeSeconds(seconds)
                )
                : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static bool IsSigned(X509Certificate2 certificate, byte[] said, byte[] signature)
    {
        using var curve = certificate.GetECDsaPublicKey();
        using var rsa = curve is null ? certificate.GetRSAPublicKey() : null;
        return curve?.VerifyData(said, signature, HashAlgorithmName.SHA256)
            ?? rsa?.VerifyData(said, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            ?? false;
    }

    private static byte[] Said(string clusterId, string until) => Encoding.UTF8.GetBytes($"forwardforward pass\n{clusterId}\n{until}");
}
