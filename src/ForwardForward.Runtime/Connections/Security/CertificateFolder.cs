using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Learning;

namespace ForwardForward.Runtime.Connections.Security;

/// <summary>A certificate with its key and the authority that it trusts.</summary>
public sealed record Credentials(X509Certificate2 Own, X509Certificate2Collection Authority);

/// <summary>
/// A folder with <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c> in PEM, as Kubernetes mounts a TLS secret. Read again when a file in it
/// is another one than before, so that certificates can be renewed under running silos.
/// </summary>
public sealed class CertificateFolder
{
    public const string Certificate = "tls.crt";
    public const string Key = "tls.key";
    public const string Authority = "ca.crt";
    private readonly Lock _lock = new();
    private readonly string _folder;
    private Credentials _credentials;
    private DateTime _read;

    /// <exception cref="InvalidInputException">A file is missing or cannot be used.</exception>
    public CertificateFolder(string folder)
    {
        _folder = folder;
        (_read, _credentials) = (Changed, Read());
    }

    /// <summary>As they are now. Files that cannot be used, as while they are being replaced, leave what was read before.</summary>
    public Credentials Current
    {
        get
        {
            lock (_lock)
            {
                var changed = Changed;
                if (changed != _read)
                {
                    try
                    {
                        (_credentials, _read) = (Read(), changed);
                    }
                    catch (InvalidInputException)
                    {
                        // Looked at again at the next connection.
                    }
                }

                return _credentials;
            }
        }
    }

    private DateTime Changed => new[] { Certificate, Key, Authority }.Max(file => File.GetLastWriteTimeUtc(Path.Combine(_folder, file)));

    private Credentials Read()
    {
        try
        {
            var authority = new X509Certificate2Collection();
            authority.ImportFromPemFile(Path.Combine(_folder, Authority));
            return authority.Count == 0
                ? throw new InvalidInputException(
                    $"{Path.Combine(_folder, Authority)} holds no certificate, expected that of the cluster's authority in PEM."
                )
                : new Credentials(
                    X509Certificate2.CreateFromPemFile(Path.Combine(_folder, Certificate), Path.Combine(_folder, Key)),
                    authority
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidInputException(
                $"The certificates in {_folder} cannot be used ({e.Message.TrimEnd('.')}), expected {Certificate}, {Key} and "
                    + $"{Authority} in PEM, as `ff cluster certs` makes them.",
                e
            );
        }
    }
}
