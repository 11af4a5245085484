using System.Globalization;
using ForwardForward.Learning;

namespace ForwardForward.Silo;

/// <summary>
/// The environment variables of the OpenTelemetry specification that say where telemetry goes. The library passes over a value that it
/// cannot use and sends to its default, so that nobody hears of it: here it is refused.
/// </summary>
public static class OtlpVariables
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of one signal alone; where it is there, it counts instead of <see cref="Endpoint"/>, and is used as it is.</summary>
    public const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    public const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    public const string LogsEndpoint = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Numbers =
    [
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_METRIC_EXPORT_TIMEOUT",
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_BSP_EXPORT_TIMEOUT",
        "OTEL_BSP_MAX_QUEUE_SIZE",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_BLRP_EXPORT_TIMEOUT",
        "OTEL_BLRP_MAX_QUEUE_SIZE",
        "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    ];

    /// <param name="variable">Of the environment, by name; one that is empty counts as not there.</param>
    /// <exception cref="InvalidInputException">Telemetry is to be sent, and a variable cannot be used.</exception>
    public static void Require(Func<string, string?> variable)
    {
        string[] all = [Endpoint, TracesEndpoint, MetricsEndpoint, LogsEndpoint];
        string[] endpoints = [.. all.Where(name => variable(name) is { Length: > 0 })];
        if (endpoints.Length == 0)
        {
            return;
        }

        foreach (var name in endpoints)
        {
            var endpoint = variable(name)!;
            var example = IsAddress($"http://{endpoint}") ? $", as http://{endpoint}" : "";
            Require(name, endpoint, IsAddress(endpoint), $"an address with http:// or https:// before it{example}");
        }

        Check(Protocol, value => Protocols.Contains(value), string.Join(" or ", Protocols));
        Check(
            Headers,
            value => value.Split(',').All(header => header.IndexOf('=', StringComparison.Ordinal) > 0),
            "NAME=VALUE, several with commas between them",
            isSecret: true
        );
        Array.ForEach(
            Numbers,
            name =>
                Check(
                    name,
                    value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0,
                    "a whole number above 0"
                )
        );

        void Check(string name, Func<string, bool> isUsable, string expected, bool isSecret = false)
        {
            if (variable(name) is { Length: > 0 } value)
            {
                Require(name, isSecret ? "" : value, isUsable(value), expected);
            }
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0;

    private static void Require(string name, string value, bool isUsable, string expected)
    {
        if (!isUsable)
        {
            throw new InvalidInputException($"{name} {(value.Length == 0 ? "cannot be read" : $"is '{value}'")}, expected {expected}.");
        }
    }
}
