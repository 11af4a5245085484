namespace ForwardForward.Silo;

/// <summary>What a person reads who opens a silo's HTTP port: what else is there.</summary>
internal static class FrontPage
{
    public static string Of(SiloSettings settings) =>
        string.Join(
            '\n',
            (string[])
                [
                    $"Silo {settings.Name} of the cluster {settings.ClusterId}, ForwardForward.Orleans.",
                    "",
                    "GET  /health          200 while the silo is active; /health/ready is the same, /health/live answers while "
                        + "the process lives",
                    "GET  /live            draw something, and see what a run's network takes it for while it trains",
                    "GET  /api/runs        what runs, as JSON; /openapi.json has the rest",
                    "GET  /metrics         for Prometheus",
                    "POST /predict?run=RUN what a PNG, JPEG or IDX body shows, by a run's network",
                    settings.Dashboard
                        ? "GET  /dashboard       Orleans' dashboard"
                        : "     /dashboard       Orleans' dashboard is off (FF_DASHBOARD=true turns it on)",
                    "",
                    $"Runs are started and watched with the console: ff runs --cluster {settings.AdvertisedAddress}:{settings.GatewayPort}",
                    "",
                ]
        );
}
