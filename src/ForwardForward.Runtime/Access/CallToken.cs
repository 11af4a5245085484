using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Connections.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ForwardForward.Runtime.Access;

/// <summary>
/// What a call carries to say who makes it: a JSON Web Token (RFC 7519) with the caller's certificate in its header, signed with the
/// certificate's key, for one cluster and until a time. A gateway hands on whatever sender a client names, so the connection that a call
/// came by proves nothing to the grain that it reaches. Only silos ever see a token, so it need not name the call that it goes with.
/// </summary>
public static class CallToken
{
    private const string Type = "ff-call+jwt";
    private const int MaxLength = 16384;
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
    ];

    // No time but the one that is given: clocks of machines differ by more than the time of signing could stand.
    private static readonly JsonWebTokenHandler Handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = MaxLength,
    };

    // One that is kept would outlive the key.
    private static readonly CryptoProviderFactory Signatures = new() { CacheSignatureProviders = false };

    /// <param name="until">When it ceases to hold.</param>
    /// <exception cref="CryptographicException">The key cannot sign.</exception>
    public static string Sign(Credentials credentials, string clusterId, DateTimeOffset until)
    {
        using var curve = credentials.Own.GetECDsaPrivateKey();
        using var rsa = curve is null ? credentials.Own.GetRSAPrivateKey() : null;
        return Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = Type,
                Audience = clusterId,
                Expires = until.UtcDateTime,
                AdditionalHeaderClaims = new Dictionary<string, object>
                {
                    [JwtHeaderParameterNames.X5c] = new[] { Convert.ToBase64String(credentials.Own.RawData) },
                },
                SigningCredentials = new SigningCredentials(KeyOf(curve, rsa), AlgorithmOf(curve)) { CryptoProviderFactory = Signatures },
            }
        );
    }

    /// <param name="now">A silo's own time: tokens of silos hold beyond the time of their certificates, as their connections do.</param>
    /// <returns>Null where it proves nothing; never fails, whatever the text.</returns>
    public static async Task<(Caller Caller, DateTimeOffset Until)?> Read(
        string text,
        Credentials credentials,
        string clusterId,
        DateTimeOffset now
    )
    {
        try
        {
            if (
                !Handler.CanReadToken(text)
                || Handler.ReadJsonWebToken(text) is not { } token
                || !token.TryGetHeaderValue<string[]>(JwtHeaderParameterNames.X5c, out var chain)
                || chain is not [var shown]
            )
            {
                return null;
            }

            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(shown));
            return
                CertificateExamination.RoleOf(certificate, credentials, clusterId, isTimeLeftAside: true) is { } role
                && (role == ClusterRole.Silo || (certificate.NotBefore <= now.LocalDateTime && certificate.NotAfter >= now.LocalDateTime))
                && await IsSigned(certificate, token, clusterId, now)
                ? (new Caller(role, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)), token.ValidTo)
                : null;
        }
        catch (Exception)
        {
            return null; // what a text that is no token ends in has many types, as where its header is no UTF-8
        }
    }

    private static async Task<bool> IsSigned(X509Certificate2 certificate, JsonWebToken token, string clusterId, DateTimeOffset now)
    {
        using var curve = certificate.GetECDsaPublicKey();
        using var rsa = curve is null ? certificate.GetRSAPublicKey() : null;
        var read = await Handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                IssuerSigningKey = KeyOf(curve, rsa),
                ValidTypes = [Type],
                ValidAlgorithms = Algorithms,
                ValidAudience = clusterId,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                ValidateIssuer = false, // the certificate says who
                LifetimeValidator = (_, expires, _, _) => expires > now.UtcDateTime,
                CryptoProviderFactory = Signatures,
            }
        );
        return read.IsValid;
    }

    private static AsymmetricSecurityKey KeyOf(ECDsa? curve, RSA? rsa) =>
        curve is not null ? new ECDsaSecurityKey(curve)
        : rsa is not null ? new RsaSecurityKey(rsa)
        : throw new CryptographicException("The certificate's key is neither ECDSA nor RSA.");

    private static string AlgorithmOf(ECDsa? curve) =>
        curve?.KeySize switch
        {
            null => SecurityAlgorithms.RsaSsaPssSha256,
            256 => SecurityAlgorithms.EcdsaSha256,
            384 => SecurityAlgorithms.EcdsaSha384,
            521 => SecurityAlgorithms.EcdsaSha512,
            var bits => throw new CryptographicException($"The certificate's key is on a curve of {bits} bits, expected 256, 384 or 521."),
        };
}
