using System.ComponentModel.DataAnnotations;
using ForwardForward.Learning;
using Microsoft.Extensions.Configuration;

namespace ForwardForward.Silo.Tests;

/// <summary>Settings and variables that cannot be used, each told in one sentence.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData(
        "Port",
        "tcp://10.0.0.1:80",
        "expected a whole number from 1 to 65535; Kubernetes gives pods such variables of the Services beside them, and "
            + "enableServiceLinks: false in the pod's spec keeps them out."
    )]
    [InlineData("GatewayPort", "-1", "expected a whole number from 0 to 65535.")]
    [InlineData("HttpPort", "", "expected a whole number from 1 to 65535.")]
    [InlineData("MemoryMegabytes", "4G", "expected a whole number from 0 to 1073741824.")]
    [InlineData("SlotsPerSecond", "fast", "expected a whole number from 0 to 1000000.")]
    [InlineData("CheckpointsShared", "no", "expected true or false.")]
    [InlineData("Kubernetes", "tcp://10.0.0.1:80", "expected true or false; Kubernetes gives pods")]
    [InlineData("Dashboard", "on", "expected true or false.")]
    [InlineData("Insecure", "1", "expected true or false.")]
    [InlineData("Devices", "gpu", "expected cpu, cuda:0 or cuda:0,cuda:1.")]
    [InlineData("ClusterId", "a/b", "expected letters, digits, '.', '_' and '-', 100 at most.")]
    [InlineData("Name", "", "expected some text.")]
    public void Every_setting_that_cannot_be_used_is_named_with_its_value_and_what_was_expected(string name, string value, string expected)
    {
        var refused = Assert.Throws<ValidationException>(() =>
            SiloSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new($"Silo:{name}", value)]).Build())
        );

        Assert.StartsWith($"Silo:{name} is '{value}', {expected}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_is_told_with_where_it_was_given()
    {
        Environment.SetEnvironmentVariable("FF_MEMORY_MEGABYTES", "much");
        Environment.SetEnvironmentVariable("Silo__Port", "none");
        try
        {
            Refused(
                "Silo:MemoryMegabytes is 'much' (environment variable FF_MEMORY_MEGABYTES)",
                new ConfigurationBuilder().AddShortEnvironment()
            );
            Refused("Silo:Port is 'none' (environment variable Silo__Port)", new ConfigurationBuilder().AddEnvironmentVariables());
            Refused(
                "Silo:Port is 'many' (on the command line)",
                new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(["--Silo:Port", "many"])
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable("FF_MEMORY_MEGABYTES", null);
            Environment.SetEnvironmentVariable("Silo__Port", null);
        }
    }

    [Theory]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT is 'collector:4317', expected an address with http:// or https:// before it, as http://collector:4317."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "10.0.0.1:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT is '10.0.0.1:4317', expected an address with http:// or https:// before it, as http://10.0.0.1:4317."
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "grpc://collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT is 'grpc://collector:4317', expected an address with http:// or https:// before it"
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "tempo:4318",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is 'tempo:4318', expected an address with http:// or"
    )]
    [InlineData(
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "/v1/metrics",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is '/v1/metrics', expected an address with http:// or"
    )]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json', expected grpc or http/protobuf.")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "OTEL_EXPORTER_OTLP_TIMEOUT is '10s', expected a whole number above 0.")]
    [InlineData(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "secret",
        "OTEL_EXPORTER_OTLP_HEADERS cannot be read, expected NAME=VALUE, several with commas between them."
    )]
    public void A_variable_of_OpenTelemetry_that_its_library_would_pass_over_is_refused(string name, string value, string sentence)
    {
        string? Given(string asked) =>
            asked == name ? value
            : asked == OtlpVariables.Endpoint ? "http://collector:4317"
            : null;

        Assert.StartsWith(
            sentence,
            Assert.Throws<InvalidInputException>(() => OtlpVariables.Require(Given)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Variables_of_OpenTelemetry_that_can_be_used_or_say_of_no_endpoint_are_taken()
    {
        OtlpVariables.Require(_ => null);
        OtlpVariables.Require(_ => "");
        OtlpVariables.Require(name => name == "OTEL_EXPORTER_OTLP_PROTOCOL" ? "strange" : null);
        OtlpVariables.Require(name =>
            name switch
            {
                OtlpVariables.Endpoint => "https://collector:4317/",
                "OTEL_EXPORTER_OTLP_PROTOCOL" => "grpc",
                "OTEL_EXPORTER_OTLP_HEADERS" => "a=b,c=d",
                "OTEL_METRIC_EXPORT_INTERVAL" => "500",
                _ => null,
            }
        );
    }

    private static void Refused(string sentence, IConfigurationBuilder configuration) =>
        Assert.StartsWith(
            sentence,
            Assert.Throws<ValidationException>(() => SiloSettings.Read(configuration.Build())).Message,
            StringComparison.Ordinal
        );
}
