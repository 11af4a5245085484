using System.Net;
using ForwardForward.Experiments.Data;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ForwardForward.Silo.Live;

/// <summary>
/// The live page, and what it asks, for silos that are embedded in another program: on loopback, at a port that is free. What is asked
/// before the silos are there waits for them.
/// </summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(3);
    private readonly WebApplication _app;
    private readonly TaskCompletionSource<(IGrainFactory Grains, DataSets Data)> _silos;
    private bool _isOver;

    private LiveServer(WebApplication app, TaskCompletionSource<(IGrainFactory Grains, DataSets Data)> silos) =>
        (_app, _silos) = (app, silos);

    /// <summary>Of the page.</summary>
    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + LivePage.Path;

    public static async Task<LiveServer> Start()
    {
        var silos = new TaskCompletionSource<(IGrainFactory Grains, DataSets Data)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://{IPAddress.Loopback}:0");
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestEnd);
        // A site whose name leads to this machine is none of it.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = [$"{IPAddress.Loopback}", "localhost"]);
        builder.AddRunApi();
        builder.Services.AddTransient(_ => silos.Task.Result.Grains); // nobody comes here before
        builder.Services.AddTransient(_ => silos.Task.Result.Data);
        var app = builder.Build();
        app.UseHostFiltering();
        app.Use(
            async (context, next) =>
            {
                Task there = silos.Task;
                await there.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await (there.IsCompletedSuccessfully ? next(context) : Gone().ExecuteAsync(context));
            }
        );
        app.MapRunApi();
        await app.StartAsync();
        return new LiveServer(app, silos);
    }

    /// <summary>The silos are there.</summary>
    /// <param name="data">What they have of data.</param>
    public void Open(IGrainFactory grains, DataSets data) => _silos.TrySetResult((grains, data));

    /// <summary>Tells those who watch how the run ended, and closes; to be called while the silos are still there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _silos.TrySetCanceled();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static IResult Gone() =>
        Results.Problem("The run is over, and the page ends with it.", statusCode: StatusCodes.Status503ServiceUnavailable);
}
