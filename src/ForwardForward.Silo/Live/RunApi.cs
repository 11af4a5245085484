using ForwardForward.Experiments.Data;
using ForwardForward.Silo.Lessons;
using ForwardForward.Silo.Predictions;

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

    /// <param name="knowsCallers">Whether the cluster knows its callers by certificates, which this port asks nobody for.</param>
    public static void MapRunApi(this WebApplication app, bool knowsCallers = false)
    {
        app.UseOriginGuard();
        app.UseRateLimiter();
        app.MapPredict();
        app.MapLessons(knowsCallers);
        app.MapRuns();
        app.MapRunEvents();
        app.MapTestImages();
        app.MapLivePage();
        app.MapApiDocument();
    }
}
