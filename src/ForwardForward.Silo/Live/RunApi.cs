using ForwardForward.Experiments.Data;
using ForwardForward.Runtime.Connections.Security;
using ForwardForward.Silo.Access;
using ForwardForward.Silo.Lessons;
using ForwardForward.Silo.Predictions;
using ForwardForward.Silo.Streams;

namespace ForwardForward.Silo.Live;

/// <summary>All that is asked of runs by HTTP: the same at a silo's port and for a run in the console's process.</summary>
internal static class RunApi
{
    public static void AddRunApi(this WebApplicationBuilder builder)
    {
        builder.AddPredictLimits();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddSingleton(services => new TestImages(services.GetService<DataSets>()));
        builder.Services.AddApiDocument();
    }

    /// <param name="handshake">By which the cluster knows its callers; null: it takes everybody.</param>
    public static void MapRunApi(this WebApplication app, Handshake? handshake = null)
    {
        app.UseOriginGuard();
        app.UseRateLimiter();
        var api = app.MapGroup("");
        if (handshake is not null)
        {
            api.AddEndpointFilter(new CallerFilter(handshake, app.Services.GetRequiredService<ILoggerFactory>()));
        }

        api.MapEndpoints();
        app.MapApiDocument();
    }

    internal static void MapEndpoints(this IEndpointRouteBuilder api)
    {
        api.MapPredict();
        api.MapLessons();
        api.MapStream();
        api.MapRuns();
        api.MapRunEvents();
        api.MapTestImages();
        api.MapLivePage();
    }
}
