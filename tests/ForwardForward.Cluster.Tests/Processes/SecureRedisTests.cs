using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A Redis that speaks TLS with a certificate of the cluster's authority, and wants a password.</summary>
public sealed class SecureRedisTests : IAsyncLifetime
{
    private const string Password = "rather-secret";
    private const string Cluster = "forwardforward";
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _redis;

    public async Task InitializeAsync()
    {
        new Certificates(_folder, Cluster, TimeProvider.System).Make(TimeSpan.FromDays(1));
        IssueToRedis();
        if (new RedisFactAttribute().Skip is null)
        {
            string[] tls =
            [
                "--port",
                "0",
                "--tls-port",
                $"{_port}",
                "--tls-auth-clients",
                "no",
                "--tls-cert-file",
                At("redis.crt"),
                "--tls-key-file",
                At("redis.key"),
                "--tls-ca-cert-file",
                At("ca.crt"),
            ];
            _redis = Process.Start(
                new ProcessStartInfo(RedisProgram.Expect(), [.. tls, "--bind", "127.0.0.1", "--requirepass", Password, "--dir", _folder])
                {
                    RedirectStandardOutput = true,
                }
            )!;
            while (
                await _redis.StandardOutput.ReadLineAsync() is { } line
                && !line.Contains("Ready to accept connections", StringComparison.Ordinal)
            ) { }
        }
    }

    [RedisFact]
    public async Task A_silo_meets_the_others_there_and_says_the_password_to_nobody_else()
    {
        await using var silo = Silo(Password, Certificates.FolderOf(_folder, ClusterRole.Silo));

        await silo.Active();

        Assert.Empty(silo.Said(Password));
    }

    [RedisTheory]
    [InlineData(null, "but the Redis there wants a password: expected HOST:PORT,password=")]
    [InlineData("wrong-secret", "but the Redis there refuses this password: expected the one")]
    public async Task A_silo_without_the_password_is_turned_away_in_one_sentence(string? password, string sentence)
    {
        await using var silo = Silo(password, Certificates.FolderOf(_folder, ClusterRole.Silo));

        var (exitCode, error) = await silo.End();

        Assert.Equal(3, exitCode);
        Assert.Contains($"Silo:Redis is 'localhost:{_port}", error, StringComparison.Ordinal);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'));
    }

    [RedisFact]
    public async Task A_silo_takes_no_Redis_of_another_authority_or_at_an_address_that_its_certificate_does_not_name()
    {
        new Certificates(At("foreign"), Cluster, TimeProvider.System).Make(TimeSpan.FromDays(1));
        await using FragileSilo stranger = Silo(Password, Certificates.FolderOf(At("foreign"), ClusterRole.Silo)),
            elsewhere = Silo(Password, Certificates.FolderOf(_folder, ClusterRole.Silo), host: "127.0.0.1");

        foreach (var (exitCode, error) in await Task.WhenAll(stranger.End(), elsewhere.End()))
        {
            Assert.Equal(3, exitCode);
            Assert.Contains(
                "but the certificate of the Redis there is not trusted: expected one that names this address",
                error,
                StringComparison.Ordinal
            );
            Assert.Single(error.Split('\n'));
        }
    }

    public Task DisposeAsync()
    {
        _redis?.Kill();
        _redis?.WaitForExit();
        _redis?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private FragileSilo Silo(string? password, string tls, string host = "localhost") =>
        FragileSilo.Start(
            _folder,
            $"silo-of-{host}",
            FreePlace(),
            new() { ["FF_REDIS"] = $"{host}:{_port}{(password is null ? "" : $",password={password}")},ssl=true", ["FF_TLS_FOLDER"] = tls }
        );

    private void IssueToRedis()
    {
        using var authority = X509Certificate2.CreateFromPemFile(At(CertificateFolder.Authority), At(Certificates.AuthorityKey));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=redis", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        File.WriteAllText(At("redis.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(At("redis.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static SiloPlace FreePlace() => new(SiloPlace.Loopback, FreePort(), FreePort(), FreePort());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
