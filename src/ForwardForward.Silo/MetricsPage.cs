using System.Net;
using System.Net.Sockets;
using ForwardForward.Learning;

namespace ForwardForward.Silo;

/// <summary>The <c>/metrics</c> of silos that are embedded in another program, on loopback.</summary>
public sealed class MetricsPage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MetricsPage(WebApplication app) => _app = app;

    /// <param name="port">Of 127.0.0.1.</param>
    /// <exception cref="InvalidInputException">The port is taken, or may not be used.</exception>
    public static async Task<MetricsPage> Start(int port)
    {
        try
        {
            using var free = new TcpListener(IPAddress.Loopback, port);
            free.Start();
        }
        catch (SocketException e)
        {
            throw new InvalidInputException($"Metrics cannot be shown on port {port} ({e.Message}), expected one that is free.", e);
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://{IPAddress.Loopback}:{port}");
        builder.Services.AddRoutingCore();
        builder.Services.AddSiloTelemetry(Environment.MachineName);
        var app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint();
        await app.StartAsync();
        return new MetricsPage(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
