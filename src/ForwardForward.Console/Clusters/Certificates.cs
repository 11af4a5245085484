using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Contracts.Access;
using ForwardForward.Learning;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Console.Clusters;

/// <summary>
/// Makes an authority for one cluster, and under it a certificate for every role, or for one person, each in a folder of its own that a
/// silo or a console can be given as it is. The authority's key stays beside them and belongs in a safe place: who has it can come in as
/// anybody.
/// </summary>
/// <param name="folder">Gets a folder for each role.</param>
/// <param name="time">Certificates are valid from an hour before its now: clocks differ.</param>
/// <param name="authority">Folder of the authority; null: the same.</param>
internal sealed class Certificates(string folder, string clusterId, TimeProvider time, string? authority = null)
{
    public const string AuthorityKey = "ca.key";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan Early = TimeSpan.FromHours(1);

    /// <summary>Makes what is missing; certificates that are there already are renewed under the same authority.</summary>
    /// <param name="life">Of the certificates.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written, or its authority cannot be used.</exception>
    public void Make(TimeSpan life) => Make([.. Enum.GetValues<ClusterRole>().Select(role => (NameOf(role), role))], life);

    /// <summary>One for somebody, whose name the audit log then says; an authority is made where there is none.</summary>
    /// <inheritdoc cref="Make(TimeSpan)"/>
    public void MakeFor(string name, ClusterRole role, TimeSpan life) => Make([(name, role)], life);

    /// <summary>One for a server that silos reach by an address or a host name; an authority is made where there is none.</summary>
    /// <inheritdoc cref="Make(TimeSpan)"/>
    public void MakeForServer(string name, string address, TimeSpan life)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(address, out var ip))
        {
            names.AddIpAddress(ip);
        }
        else
        {
            names.AddDnsName(address);
        }

        Make(issuer => Issue(issuer, name, names, [ServerUse], life));
    }

    public static string FolderOf(string folder, ClusterRole role) => Path.Combine(folder, NameOf(role));

    private static string NameOf(ClusterRole role) => role.ToString().ToLowerInvariant();

    private void Make(IReadOnlyList<(string Name, ClusterRole Role)> holders, TimeSpan life) =>
        Make(issuer =>
        {
            foreach (var (name, role) in holders)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName(ClusterName.Of(role, clusterId));
                if (role == ClusterRole.Silo)
                {
                    // For browsers at the machine of a silo: between silos and consoles the names of machines mean nothing.
                    names.AddDnsName("localhost");
                    names.AddIpAddress(IPAddress.Loopback);
                }

                Issue(issuer, name, names, role == ClusterRole.Silo ? [ServerUse, ClientUse] : [ClientUse], life);
            }
        });

    private void Make(Action<X509Certificate2> issue)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(authority ?? folder);
            using var issuer = Authority();
            issue(issuer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidInputException(
                $"Certificates cannot be made in {folder} ({e.Message.TrimEnd('.')}), expected a folder that can be written, "
                    + "empty or with an authority in it.",
                e
            );
        }
    }

    // With its key, and the authority's certificate beside it.
    private void Issue(X509Certificate2 issuer, string name, SubjectAlternativeNameBuilder names, IReadOnlyList<string> uses, TimeSpan life)
    {
        var to = Path.Combine(folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}, O={clusterId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true)
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        var now = time.GetUtcNow().UtcDateTime;
        var (start, end) = (
            new[] { now - Early, issuer.NotBefore.ToUniversalTime() }.Max(),
            new[] { now + life, issuer.NotAfter.ToUniversalTime() }.Min()
        ); // none outlives its issuer
        using var certificate = request.Create(issuer, start, end, RandomNumberGenerator.GetBytes(16));
        Directory.CreateDirectory(to);
        Write(Path.Combine(to, CertificateFolder.Key), key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(Path.Combine(to, CertificateFolder.Certificate), certificate.ExportCertificatePem());
        Write(Path.Combine(to, CertificateFolder.Authority), issuer.ExportCertificatePem());
    }

    private X509Certificate2 Authority()
    {
        var (certificateFile, keyFile) = (
            Path.Combine(authority ?? folder, CertificateFolder.Authority),
            Path.Combine(authority ?? folder, AuthorityKey)
        );
        if (File.Exists(certificateFile) || File.Exists(keyFile))
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=authority, O={clusterId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true)
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var made = request.CreateSelfSigned(time.GetUtcNow() - Early, time.GetUtcNow() + AuthorityLife);
        Write(keyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(certificateFile, made.ExportCertificatePem());
        return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }

    private static void Write(string file, string pem, bool isSecret = false)
    {
        var others = isSecret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        WholeFile.Replace(file, pem + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
    }
}
