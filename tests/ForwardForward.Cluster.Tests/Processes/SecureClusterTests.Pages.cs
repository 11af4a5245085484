using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ForwardForward.Console.Clusters;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Connections.Security;
using SkiaSharp;

namespace ForwardForward.Cluster.Tests.Processes;

/// <content>What is asked by HTTP: the page and the API want a certificate, what machines look at does not.</content>
public sealed partial class SecureClusterTests
{
    [RedisFact]
    public async Task By_HTTPS_an_observer_looks_an_operator_teaches_under_his_name_and_nobody_else_is_answered()
    {
        using var stranger = new Stranger();
        Copy(cluster.Certificates, stranger.At("people"));
        foreach (var (name, role) in new[] { ("olga", "observer"), ("otto", "operator") })
        {
            string[] made = ["cluster", "certs", "-o", stranger.At("people"), "--for", name, "--role", role];
            Assert.Equal(0, (await stranger.Console.Run(made)).ExitCode);
        }

        new Certificates(stranger.At("foreign"), "forwardforward", TimeProvider.System).Make(TimeSpan.FromDays(1));
        var run = await cluster.StartEndless("asked");
        using var open = new HttpClient { BaseAddress = new Uri(cluster.Silo(1).GetProperty("http").GetString()!) };
        using var nobody = Client(open, null);
        using var olga = Client(open, stranger.At("people/olga"));
        using var otto = Client(open, stranger.At("people/otto"));
        using var foreign = Client(open, Certificates.FolderOf(stranger.At("foreign"), ClusterRole.Operator));

        foreach (var path in new[] { "health", "health/live", "metrics" })
        {
            Assert.Equal(HttpStatusCode.OK, (await open.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        }

        foreach (var path in new[] { "live", "live/live.js", "api/runs", $"api/runs/{run}", $"lessons?run={run}" })
        {
            Assert.Contains("expected https://127.0.0.1:", await Refused(Get(open, path)), StringComparison.Ordinal);
            Assert.Contains("a certificate of the cluster.", await Refused(Get(nobody, path)), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await Get(otto, path)).StatusCode);
        }

        using var rebound = new HttpRequestMessage(HttpMethod.Get, new Uri("live", UriKind.Relative))
        {
            Headers = { Host = "site.example" },
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await open.SendAsync(rebound)).StatusCode);
        Assert.Contains("certificates", await Refused(Post(open, $"predict?run={run}")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(olga, "live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Get(olga, $"api/runs/{run}")).StatusCode);
        foreach (var path in new[] { $"predict?run={run}", $"teach?run={run}&label=1" })
        {
            Assert.Contains("The certificate of 'olga' is that of an observer", await Refused(Post(olga, path)), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await Post(otto, $"predict?run={run}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(otto, $"teach?run={run}&label=1&id=his")).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => Get(foreign, "live"));
        var lessons = JsonDocument.Parse(await (await Get(otto, $"lessons?run={run}")).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("otto", lessons.GetProperty("lessons")[0].GetProperty("who").GetString());
        Assert.Contains($"audit: olga (observer) asks for POST /teach of run {run}: refused", cluster.Logs, StringComparison.Ordinal);
        Assert.Contains($"audit: otto (operator) asks for POST /teach of run {run}: done", cluster.Logs, StringComparison.Ordinal);
        var stopped = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1));
        Assert.True(stopped.ExitCode == 0, stopped.Error);
    }

    // As a browser does that trusts the cluster's authority and looks at the machine's name.
    private HttpClient Client(HttpClient open, string? folder)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(cluster.Certificates, CertificateFolder.Authority));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        if (folder is not null)
        {
            var own = X509Certificate2.CreateFromPemFile(
                Path.Combine(folder, CertificateFolder.Certificate),
                Path.Combine(folder, CertificateFolder.Key)
            );
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        }

        return new HttpClient(handler) { BaseAddress = new Uri($"https://{open.BaseAddress!.Authority}") };
    }

    private static Task<HttpResponseMessage> Get(HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    private static async Task<HttpResponseMessage> Post(HttpClient client, string path)
    {
        using var surface = SKSurface.Create(new SKImageInfo(40, 40));
        surface.Canvas.Clear(SKColors.Black);
        using var paint = new SKPaint { Color = SKColors.White, StrokeWidth = 5 };
        surface.Canvas.DrawLine(8, 5, 30, 35, paint);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        using var body = new ByteArrayContent(png.ToArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await client.PostAsync(new Uri(path, UriKind.Relative), body);
    }

    private static async Task<string> Refused(Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        return problem.GetProperty("detail").GetString()!;
    }
}
