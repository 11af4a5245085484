using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Who comes into a cluster that was started with <c>--tls</c>, and who does not.</summary>
public sealed partial class SecureClusterTests(SecureCluster cluster) : IClassFixture<SecureCluster>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(3);

    [RedisFact]
    public async Task A_run_ends_in_the_bytes_of_the_reference()
    {
        var result = await cluster.Train("--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(
            (await cluster.ReferenceHash(), 3),
            (result.Json.GetProperty("stateHash").GetString(), result.Json.GetProperty("silos").GetInt32())
        );
    }

    [RedisFact]
    public async Task A_console_comes_in_with_a_certificate_of_the_cluster_by_gateway_and_by_Redis_and_not_without()
    {
        using var stranger = new Stranger();

        var known = await stranger.Console.Run(
            "runs",
            "--cluster",
            cluster.Gateway(2),
            "--tls",
            Certificates.FolderOf(cluster.Certificates, ClusterRole.Operator),
            "--json"
        );
        var byRedis = await stranger.Console.Run(
            "runs",
            "--cluster",
            cluster.Redis,
            "--tls",
            Certificates.FolderOf(cluster.Certificates, ClusterRole.Operator),
            "--json"
        );
        var unknown = await stranger.Console.Run("runs", "--cluster", cluster.Gateway(2));
        var unknownByRedis = await stranger.Console.Run("runs", "--cluster", cluster.Redis);

        Assert.True(known.ExitCode == 0, known.Error);
        Assert.True(byRedis.ExitCode == 0, byRedis.Error);
        Refused(unknown);
        Assert.Equal(3, unknownByRedis.ExitCode);
    }

    [RedisFact]
    public async Task Certificates_that_are_expired_of_another_authority_or_of_another_cluster_are_refused()
    {
        using var stranger = new Stranger();
        Copy(cluster.Certificates, stranger.At("expired"));
        Copy(cluster.Certificates, stranger.At("neighbour"));
        new Certificates(stranger.At("expired"), "forwardforward", new Clock(DateTimeOffset.Now.AddMinutes(-30))).Make(
            TimeSpan.FromMinutes(1)
        );
        new Certificates(stranger.At("neighbour"), "another", TimeProvider.System).Make(TimeSpan.FromDays(1));
        new Certificates(stranger.At("foreign"), "forwardforward", TimeProvider.System).Make(TimeSpan.FromDays(1));

        foreach (var folder in new[] { "expired", "neighbour", "foreign" })
        {
            Refused(
                await stranger.Console.Run(
                    "runs",
                    "--cluster",
                    cluster.Gateway(1),
                    "--tls",
                    Certificates.FolderOf(stranger.At(folder), ClusterRole.Operator)
                )
            );
        }
    }

    [RedisFact]
    public async Task An_observer_watches_a_run_and_may_neither_start_nor_stop_one_and_the_audit_log_says_who_asked()
    {
        using var stranger = new Stranger();
        string[] As(string who) => ["--cluster", cluster.Gateway(3), "--tls", stranger.At($"people/{who}")];
        Copy(cluster.Certificates, stranger.At("people"));
        Assert.Equal(
            0,
            (await stranger.Console.Run("cluster", "certs", "-o", stranger.At("people"), "--for", "olga", "--role", "observer")).ExitCode
        );
        Assert.Equal(0, (await stranger.Console.Run("cluster", "certs", "-o", stranger.At("people"), "--for", "otto")).ExitCode);
        var run = await cluster.StartEndless("guarded");

        var listed = await stranger.Console.Run(["runs", .. As("olga"), "--json"]);
        var shown = await stranger.Console.Run(["runs", "show", run, .. As("olga"), "--json"]);
        var stopped = await stranger.Console.Run(["stop", run, .. As("olga")]);
        var started = await stranger.Console.Run(["train", "supervised-quick", "--name", "hers", "--detach", .. As("olga")]);
        var stoppedByOperator = await stranger.Console.Run(["stop", run, .. As("otto"), "--json"]);

        Assert.True(listed.ExitCode == 0, listed.Error);
        Assert.Equal("running", shown.Json.GetProperty("state").GetString());
        Assert.All(
            [stopped, started],
            refused =>
            {
                Assert.Equal(2, refused.ExitCode);
                Assert.Matches(
                    "^The certificate of 'olga' is that of an observer, which may not do this \\([A-Z][a-z]+\\), expected that "
                        + "of an operator\\.\n$",
                    refused.Error
                );
            }
        );
        Assert.True(stoppedByOperator.ExitCode == 0, stoppedByOperator.Error);
        var audit = cluster
            .Logs.Split('\n')
            .Where(line => line.Contains("audit: ", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("audit: ", StringComparison.Ordinal)..].Split(" [")[0].Trim())
            .ToList();
        Assert.Contains("audit: operator (operator) asks for Start of run guarded: done", audit);
        Assert.Contains("audit: olga (observer) asks for Pause of run guarded: refused", audit);
        Assert.Contains("audit: olga (observer) asks for Start of run hers: refused", audit);
        Assert.Contains("audit: otto (operator) asks for Pause of run guarded: done", audit);
    }

    [RedisFact]
    public async Task Nobody_but_a_silo_reaches_layers_sources_and_readouts_and_no_call_goes_without_a_token()
    {
        var run = await cluster.StartEndless("untouched");
        await using var client = await cluster.Client(ClusterRole.Operator);
        await using var watching = await cluster.Client(ClusterRole.Observer);

        await Assert.ThrowsAsync<CallRefusedException>(() =>
            client.Grains.GetGrain<ILayerGrain>(StageKeys.Layer(run, 0)).Close(int.MaxValue)
        );
        await Assert.ThrowsAsync<CallRefusedException>(() => client.Grains.GetGrain<ISourceGrain>(run).Halt(1));
        await Assert.ThrowsAsync<CallRefusedException>(() => client.Grains.GetGrain<IReadoutGrain>(run).Close(int.MaxValue));
        await Assert.ThrowsAsync<CallRefusedException>(() =>
            client.Grains.GetGrain<IExperimentReports>(run).Failed(1, "layer 1", "No.", isLoss: false)
        );
        await Assert.ThrowsAsync<CallRefusedException>(() => watching.Grains.GetGrain<IExperimentGrain>(run).Predict(new byte[784]));
        await Assert.ThrowsAsync<CallRefusedException>(() => watching.Grains.GetGrain<IExperimentGrain>(run).Cancel());
        await Assert.ThrowsAsync<CallRefusedException>(() => client.Grains.GetGrain<IManagementGrain>(0).ForceGarbageCollection([]));

        var before = (await cluster.Until(run, _ => true)).Slot;
        var after = await cluster.Until(run, shown => shown.Slot > before);
        Assert.Equal((0, RunState.Running), (after.Recoveries, after.State));
        Assert.DoesNotContain("stranger (stranger) is refused the call", cluster.Logs, StringComparison.Ordinal);
        await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1), "--json");
    }

    [RedisFact]
    public async Task An_operator_is_no_silo_and_hears_nothing_at_the_port_of_silos()
    {
        using var socket = await Connected(cluster.Silo(1).GetProperty("siloEndpoint").GetString()!);
        var handshake = new Handshake(
            new CertificateFolder(Certificates.FolderOf(cluster.Certificates, ClusterRole.Operator)),
            "forwardforward"
        );

        using var stream = await handshake.AsClient(socket, CancellationToken.None);

        Assert.Equal(0, await Read(stream).WaitAsync(AtOnce));
    }

    [RedisFact]
    public async Task A_console_takes_no_other_server_for_a_silo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var operators = new CertificateFolder(Certificates.FolderOf(cluster.Certificates, ClusterRole.Operator));
        var server = Task.Run(async () =>
        {
            using var accepted = await listener.AcceptSocketAsync();
            // the client looks only after the handshake
            await Record.ExceptionAsync(() => new Handshake(operators, "forwardforward").AsServer(accepted, CancellationToken.None));
        });
        using var socket = await Connected(listener.LocalEndpoint.ToString()!);

        await Assert.ThrowsAsync<AuthenticationException>(() =>
            new Handshake(operators, "forwardforward").AsClient(socket, CancellationToken.None)
        );
        await server;
    }

    [RedisTheory]
    [InlineData("siloEndpoint")]
    [InlineData("gateway")]
    public async Task What_is_not_encrypted_is_cut_off_at_once(string port)
    {
        using var socket = await Connected(cluster.Silo(1).GetProperty(port).GetString()!);
        using var stream = new NetworkStream(socket);

        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: silo\r\n\r\n"u8.ToArray());
        var watch = Stopwatch.StartNew();
        while (await Read(stream).WaitAsync(AtOnce) > 0) // an alert may come first
        { }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, AtOnce);
    }

    [RedisFact]
    public async Task A_thousand_connections_that_say_nothing_keep_no_run_from_going_on_and_no_client_out()
    {
        var run = await cluster.StartEndless("besieged");
        var before = (await cluster.Until(run, _ => true)).Slot;
        var silent = new List<Socket>();
        foreach (var port in new[] { "siloEndpoint", "gateway" })
        {
            silent.AddRange(
                await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Connected(cluster.Silo(1).GetProperty(port).GetString()!)))
            );
        }

        var during = await cluster.Until(run, shown => shown.Slot > before);
        var stopped = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1), "--json");
        silent.ForEach(socket => socket.Dispose());

        Assert.Equal(0, during.Recoveries);
        Assert.True(stopped.ExitCode == 0, stopped.Error);
    }

    [RedisFact]
    public async Task Certificates_are_renewed_under_running_silos()
    {
        var silos = Certificates.FolderOf(cluster.Certificates, ClusterRole.Silo);
        new Certificates(cluster.Certificates, "forwardforward", new Clock(DateTimeOffset.Now.AddMinutes(-30))).Make(
            TimeSpan.FromMinutes(1)
        );
        Touch(silos, seconds: 10);
        Refused(await cluster.Console.Run("runs", "--cluster", cluster.Gateway(1)));

        var renewed = await cluster.Console.Run("cluster", "certs", "-o", cluster.Certificates);
        Touch(silos, seconds: 20);
        var after = await cluster.Console.Run("runs", "--cluster", cluster.Gateway(1));

        Assert.True(renewed.ExitCode == 0, renewed.Error);
        Assert.True(after.ExitCode == 0, after.Error);
        Assert.True(
            OperatingSystem.IsWindows()
                || File.GetUnixFileMode(Path.Combine(silos, CertificateFolder.Key)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite)
        );
    }

    private static void Refused(FfResult result)
    {
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("lets no client into the cluster", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    private static async Task<int> Read(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[100]);
        }
        catch (IOException)
        {
            return 0; // reset
        }
    }

    private static async Task<Socket> Connected(string endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(endpoint));
        return socket;
    }

    private static void Copy(string authority, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in new[] { CertificateFolder.Authority, Certificates.AuthorityKey })
        {
            File.Copy(Path.Combine(authority, file), Path.Combine(to, file));
        }
    }

    // Two writes in one tick of the file system's clock look like one.
    private static void Touch(string folder, int seconds) =>
        File.SetLastWriteTimeUtc(Path.Combine(folder, CertificateFolder.Certificate), DateTime.UtcNow.AddSeconds(seconds));

    /// <summary>A console whose user has started no cluster.</summary>
    private sealed class Stranger : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ff-stranger-").FullName;

        public Stranger() => Console = new Ff(_folder);

        public Ff Console { get; }

        public string At(string name) => Path.Combine(_folder, name);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
