using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Console.Tests;

public sealed class MetricsPageTests : Workplace
{
    [Fact]
    public async Task A_run_of_this_process_shows_its_metrics_at_the_port_that_was_asked_for()
    {
        var port = FreePort();
        using var running = Console.Start([
            "train",
            .. Small,
            "--epochs",
            "100000",
            "--name",
            "shown",
            "--silos",
            "2",
            "--metrics",
            $"{port}",
        ]);
        while (await running.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }

        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
        running.Kill();

        Assert.Matches("\nff_run_samples_total{[^}]*run=\"shown\"[^}]*silo=\"silo-[12]\"[^}]*} [1-9]", metrics);
        Assert.Matches("\nff_run_slots?(_total)?{[^}]*run=\"shown\"[^}]*} [1-9]", metrics);
        Assert.All(
            ["orleans_catalog_activations{", "dotnet_gc_collections_total{", "process_cpu_time_seconds_total{"],
            name => Assert.Contains($"\n{name}", metrics, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_and_leaves_no_run()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await Run(["train", .. Small, "--metrics", $"{port}"]);

        Assert.Equal(
            (2, $"Metrics cannot be shown on port {port} (Address already in use), expected one that is free.\n"),
            (result.ExitCode, result.Error)
        );
        Assert.False(Directory.Exists(At("runs")));
    }

    [Fact]
    public async Task The_sequential_trainer_has_no_metrics()
    {
        var result = await Run(["train", .. Small, "--reference", "--metrics", "9464"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("--reference runs without silos, and --metrics shows what silos say", result.Error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
