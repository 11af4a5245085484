using System.Net;
using System.Net.Sockets;
using ForwardForward.Client.Processes;

namespace ForwardForward.Silo.Tests;

/// <summary>The silo as it is deployed: a process of its own, here without a Redis.</summary>
public sealed class SiloProcessTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-silo-").FullName;
    private readonly List<SiloProcess> _started = [];

    [Fact]
    public async Task A_silo_is_healthy_shows_its_metrics_and_ends_on_SIGTERM()
    {
        var port = FreePort();
        var silo = Start(["--Silo:Port", $"{port}"], ("FF_NAME", "lonely"));
        await Active(silo);
        using var client = new HttpClient { BaseAddress = new Uri(silo.Place.Http) };

        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative));
        using var live = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var front = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        var page = await client.GetStringAsync(new Uri("/live", UriKind.Relative));
        silo.Mark.Terminate();
        var exitCode = await silo.Exit.WaitAsync(Timeout);

        Assert.Equal(
            (HttpStatusCode.OK, $"lonely (127.0.0.1:{port}) is active"),
            (health.StatusCode, await health.Content.ReadAsStringAsync())
        );
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
        Assert.All(
            ["dotnet_gc_collections_total", "process_cpu_time_seconds_total", "orleans_catalog_activations"],
            name => Assert.Contains($"\n{name}{{", metrics, StringComparison.Ordinal)
        );
        Assert.All(
            ["Silo lonely of the cluster forwardforward", "/health", "/metrics", "/predict?run=RUN", "/live", "/dashboard"],
            part => Assert.Contains(part, front, StringComparison.Ordinal)
        );
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("true", HttpStatusCode.OK)]
    [InlineData("false", HttpStatusCode.NotFound)]
    public async Task Orleans_dashboard_is_there_where_it_is_asked_for(string asked, HttpStatusCode expected)
    {
        var silo = Start([], ("FF_DASHBOARD", asked));
        await Active(silo);
        using var client = new HttpClient { BaseAddress = new Uri(silo.Place.Http) };

        using var answer = await client.GetAsync(new Uri("/dashboard/", UriKind.Relative));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_traces_and_logs_go_by_OTLP_to_the_endpoint_that_the_environment_names()
    {
        using var collector = new Collector();
        var silo = Start(
            [],
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
            ("OTEL_SERVICE_NAME", "as-the-environment-says"),
            ("FF_NAME", "traced")
        );

        var sent = await collector
            .Until(("/v1/metrics", "orleans-catalog-activations"), ("/v1/traces", "Microsoft.Orleans"), ("/v1/logs", "ForwardForward"))
            .WaitAsync(Timeout);

        Assert.All(sent, body => Assert.Contains("traced", body, StringComparison.Ordinal)); // service.instance.id
        Assert.All(sent, body => Assert.Contains("as-the-environment-says", body, StringComparison.Ordinal));
        Assert.False(silo.Exit.IsCompleted);
    }

    [Theory]
    [InlineData("--Silo:Port", "70000", 2, "Silo:Port is '70000' (on the command line), expected a whole number from 1 to 65535.")]
    [InlineData("--Silo:HttpPort", "eight", 2, "Silo:HttpPort is 'eight' (on the command line), expected a whole number from 1 to 65535.")]
    [InlineData("--Silo:ClusterId", "a b", 2, "Silo:ClusterId is 'a b' (on the command line), expected letters, digits, '.', '_' and '-'")]
    [InlineData("--Silo:Devices", "tpu", 2, "Silo:Devices is 'tpu' (on the command line), expected cpu, cuda:0 or cuda:0,cuda:1.")]
    [InlineData(
        "--Silo:MatrixRate",
        "fast",
        2,
        "Silo:MatrixRate is 'fast' (on the command line), expected two whole numbers, of fp32 and of bf16"
    )]
    [InlineData("--Silo:AdvertisedAddress", "no host", 2, "Silo:AdvertisedAddress is 'no host', which is no address")]
    [InlineData("--Silo:AdvertisedAddress", "192.0.2.1", 2, "which others reach, but Silo:TlsFolder names no certificates")]
    [InlineData("--Silo:TlsFolder", "/nowhere", 2, "The certificates in /nowhere cannot be used")]
    [InlineData("--Silo:Redis", "127.0.0.1:1,connectRetry=0", 3, "no Redis answers there")]
    public async Task A_wrong_setting_ends_the_silo_with_one_sentence(string name, string value, int exitCode, string sentence)
    {
        var silo = Start([name, value]);
        await Ended(silo, exitCode, sentence);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_silo_with_its_name_and_number()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var silo = Start([], ("FF_GATEWAY_PORT", $"{port}"));

        await Ended(silo, 2, $"Silo:GatewayPort is {port}, but that port is taken: choose another.");
    }

    public void Dispose()
    {
        foreach (var silo in _started)
        {
            silo.Mark.Kill();
            silo.Exit.Wait(Timeout);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Errors => Path.Combine(_folder, "errors");

    private async Task Ended(SiloProcess silo, int exitCode, string sentence)
    {
        Assert.Equal(exitCode, await silo.Exit.WaitAsync(Timeout));
        var error = await File.ReadAllTextAsync(Errors);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private async Task Active(SiloProcess silo)
    {
        using var longest = new CancellationTokenSource(Timeout);
        for (; !await silo.IsActive(longest.Token); await Task.Delay(Pace, longest.Token))
        {
            Assert.False(silo.Exit.IsCompleted, $"The silo ended before it was active: {await File.ReadAllTextAsync(Errors)}");
        }
    }

    private SiloProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var settings = new Dictionary<string, string> { ["FF_MATRIX_RATE"] = "100,200" }; // measuring it takes most of a second
        Array.ForEach(environment, variable => settings[variable.Name] = variable.Value);
        var place = new SiloPlace(SiloPlace.Loopback, FreePort(), 0, FreePort());
        File.AppendAllText(Errors, ""); // the process makes it later
        _started.Add(SiloProcess.Start("silo", place, Path.Combine(_folder, "log"), settings, arguments, Errors));
        return _started[^1];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
