using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Silo.Tests;

/// <summary>The silo as it is deployed: a process of its own.</summary>
public sealed class SiloProcessTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly List<Process> _started = [];

    [Fact]
    public async Task A_second_silo_joins_the_first_and_both_are_healthy()
    {
        int first = FreePort(), second = FreePort();
        var firstHealth = await Healthy(["--Silo:Port", $"{first}", "--Silo:GatewayPort", "0"]);
        var secondHealth = await Healthy(["--Silo:Port", $"{second}", "--Silo:GatewayPort", "0", "--Silo:Primary", $"127.0.0.1:{first}"]);
        Assert.Equal(HttpStatusCode.OK, firstHealth.StatusCode);
        Assert.Contains($"127.0.0.1:{first}", await firstHealth.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{second}", await secondHealth.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.EndsWith("is active", await secondHealth.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Silo:Port", "70000", "Port must be between 1 and 65535")]
    [InlineData("--Silo:HttpPort", "eight", "eight is not a valid value")]
    [InlineData("--Silo:Primary", "somewhere", "Silo:Primary must be ADDRESS:PORT")]
    public async Task A_wrong_setting_ends_the_silo_with_one_sentence(string name, string value, string sentence)
    {
        var silo = Start([name, value]);
        var error = await silo.StandardError.ReadToEndAsync().WaitAsync(Longest);
        await silo.WaitForExitAsync().WaitAsync(Longest);
        Assert.Equal(2, silo.ExitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    private async Task<HttpResponseMessage> Healthy(string[] arguments)
    {
        var http = FreePort();
        var silo = Start([.. arguments, "--Silo:HttpPort", $"{http}"]);
        await Line(silo, "Application started").WaitAsync(Longest);
        using var client = new HttpClient();
        return await client.GetAsync(new Uri($"http://127.0.0.1:{http}/health"));
    }

    private static async Task Line(Process process, string text)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The silo ended before it said '{text}': {await process.StandardError.ReadToEndAsync()}");
    }

    private Process Start(string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _started.Add(process);
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
