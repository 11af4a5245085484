using ForwardForward.Runtime.Telemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ForwardForward.Silo;

/// <summary>
/// What a process says of itself and to whom: metrics at <c>/metrics</c>, and metrics, traces and logs by OTLP where the environment names
/// an endpoint (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or that of one signal alone; the other variables of the OpenTelemetry specification
/// hold too).
/// </summary>
public static class SiloTelemetry
{
    private const string Service = "forwardforward-silo";

    // milliseconds; Orleans' own begin at 5
    private static readonly double[] CallBounds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>Whether spans go anywhere; if not, none are made.</summary>
    public static bool SendsTraces => Sends(OtlpVariables.TracesEndpoint);

    /// <param name="name">The silo's, or whatever else tells this process from others.</param>
    /// <exception cref="Learning.InvalidInputException">The environment names an endpoint in a way that cannot be used.</exception>
    public static void AddSiloTelemetry(this IServiceCollection services, string name)
    {
        OtlpVariables.Require(Environment.GetEnvironmentVariable);
        var telemetry = services
            .AddOpenTelemetry()
            // What the environment calls the process comes last, and so counts: whoever collects goes by it.
            .ConfigureResource(resource => resource.AddService(Service, serviceInstanceId: name).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(FFMeter.Name, "Microsoft.Orleans")
                    .AddView("ff.*.duration", new ExplicitBucketHistogramConfiguration { Boundaries = FFMeter.DurationBounds })
                    .AddView("orleans-app-requests-latency", new ExplicitBucketHistogramConfiguration { Boundaries = CallBounds })
                    .AddRuntimeInstrumentation()
                    .AddProcessInstrumentation()
                    .AddPrometheusExporter();
                if (Sends(OtlpVariables.MetricsEndpoint))
                {
                    metrics.AddOtlpExporter(options => SendTo(options, OtlpVariables.MetricsEndpoint));
                }
            });
        if (SendsTraces)
        {
            telemetry.WithTracing(traces =>
                traces
                    .AddSource(FFActivities.Name, "Microsoft.Orleans.*")
                    .AddOtlpExporter(options => SendTo(options, OtlpVariables.TracesEndpoint))
            );
        }

        if (Sends(OtlpVariables.LogsEndpoint))
        {
            telemetry.WithLogging(
                logs => logs.AddOtlpExporter(options => SendTo(options, OtlpVariables.LogsEndpoint)),
                options => options.IncludeFormattedMessage = true
            );
        }
    }

    private static bool Sends(string ofSignal) => Given(ofSignal) is not null || Given(OtlpVariables.Endpoint) is not null;

    // An exporter that is added by itself does not look at the variable of its signal.
    private static void SendTo(OtlpExporterOptions options, string ofSignal)
    {
        if (Given(ofSignal) is { } endpoint)
        {
            options.Endpoint = new Uri(endpoint);
        }
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
