using ForwardForward.Silo.Predictions;

namespace ForwardForward.Silo.Live;

/// <summary>All that is asked of runs by HTTP: the same at a silo's port and for a run in the console's process.</summary>
internal static class RunApi
{
    public static void AddRunApi(this WebApplicationBuilder builder)
    {
        builder.AddPredictLimits();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddApiDocument();
    }

    public static void MapRunApi(this WebApplication app)
    {
        app.UseOriginGuard();
        app.UseRateLimiter();
        app.MapPredict();
        app.MapRuns();
        app.MapRunEvents();
        app.MapLivePage();
        app.MapApiDocument();
    }
}
