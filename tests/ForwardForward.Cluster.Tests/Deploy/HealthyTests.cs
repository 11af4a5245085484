using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>deploy/healthy.sh against a listener that answers as a silo does.</summary>
public sealed class HealthyTests : IDisposable
{
    private readonly TcpListener _silo = new(IPAddress.Loopback, 0);

    public HealthyTests() => _silo.Start();

    [InstalledFact("bash")]
    public async Task A_silo_that_answers_200_is_healthy() =>
        Assert.Equal(0, await ExitCode("HTTP/1.1 200 OK\r\n\r\nS127.0.0.1:11111:0 is active"));

    [InstalledFact("bash")]
    public async Task A_silo_that_answers_503_is_not() =>
        Assert.Equal(1, await ExitCode("HTTP/1.1 503 Service Unavailable\r\n\r\nS127.0.0.1:11111:0 is Joining"));

    [InstalledFact("bash")]
    public async Task A_silo_that_closes_without_an_answer_is_not() => Assert.Equal(1, await ExitCode(""));

    [InstalledFact("bash")]
    public async Task Where_nobody_listens_nobody_is_healthy()
    {
        var port = ((IPEndPoint)_silo.LocalEndpoint).Port;
        _silo.Stop();
        Assert.Equal(1, (await Probe(port)).ExitCode);
    }

    [Fact]
    public void The_probe_can_be_executed()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(
                File.GetUnixFileMode(Repository.At("deploy/healthy.sh")).HasFlag(UnixFileMode.OtherExecute | UnixFileMode.OtherRead)
            );
        }
    }

    public void Dispose() => _silo.Dispose();

    private async Task<int> ExitCode(string answer)
    {
        var probe = Probe(((IPEndPoint)_silo.LocalEndpoint).Port);
        using (var connection = await _silo.AcceptTcpClientAsync())
        {
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream);
            Assert.Equal("GET /health HTTP/1.0", await reader.ReadLineAsync());
            while (await reader.ReadLineAsync() is { Length: > 0 }) { }

            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        }

        return (await probe).ExitCode;
    }

    private static Task<Command> Probe(int port) =>
        Command.Run("bash", [Repository.At("deploy/healthy.sh")], new() { ["FF_HTTP_PORT"] = $"{port}" });
}
