using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ForwardForward.Client.Processes;
using ForwardForward.Cluster.Tests.Processes;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>deploy/redis/redis.conf in a real server, started as a local cluster starts it.</summary>
public sealed class RedisTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly string _port = FreePort();
    private Process? _server;

    [RedisFact]
    public async Task Redis_appends_every_write_and_takes_no_snapshots()
    {
        await Start();
        Assert.Equal("appendonly\nyes\n", await Redis("config", "get", "appendonly"));
        Assert.Equal("appendfsync\nalways\n", await Redis("config", "get", "appendfsync"));
        Assert.Equal("save\n\n", await Redis("config", "get", "save"));
        Assert.Equal("maxmemory-policy\nnoeviction\n", await Redis("config", "get", "maxmemory-policy"));
    }

    [RedisFact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        await Start();
        Assert.Equal("OK\n", await Redis("set", "layer", "1"));
        await Redis("shutdown");
        await _server!.WaitForExitAsync().WaitAsync(Timeout);
        await Start();
        Assert.Equal("1\n", await Redis("get", "layer"));
    }

    public void Dispose()
    {
        if (_server is not null)
        {
            _server.Kill();
            _server.WaitForExit();
            _server.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<string> Redis(params string[] words) =>
        (
            await Command.Run(RedisProgram.Expect().Replace("-server", "-cli", StringComparison.Ordinal), ["-p", _port, .. words])
        ).Succeeded();

    private async Task Start()
    {
        _server?.Dispose();
        string[] arguments = [Repository.At("deploy/redis/redis.conf"), "--port", _port, "--bind", "127.0.0.1", "--dir", _folder.Root];
        _server = Process.Start(new ProcessStartInfo(RedisProgram.Expect(), arguments) { RedirectStandardOutput = true })!;
        await Ready(_server.StandardOutput).WaitAsync(Timeout);
    }

    private static async Task Ready(StreamReader log)
    {
        var said = "";
        while (await log.ReadLineAsync() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                return;
            }

            said += line + "\n";
        }

        Assert.Fail($"{RedisProgram.Found} ended before it was ready: {said}");
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
