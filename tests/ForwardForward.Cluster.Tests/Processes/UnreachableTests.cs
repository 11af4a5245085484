using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ForwardForward.Client;
using ForwardForward.Client.Processes;
using ForwardForward.Console.Tests;
using ForwardForward.Learning.Tests.Data;

namespace ForwardForward.Cluster.Tests.Processes;

public sealed class UnreachableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Ff Console => new(_folder.Root);

    [Theory]
    [InlineData("runs")]
    [InlineData("train", "--json")]
    [InlineData("watch", "run")]
    [InlineData("stop", "run")]
    [InlineData("resume", "run")]
    public async Task A_client_without_a_cluster_says_so_and_exits_with_3(params string[] verb)
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var nobody = $"127.0.0.1:{((IPEndPoint)reserved.LocalEndpoint).Port}";
        reserved.Stop();

        var result = await Console.Run([.. verb, "--cluster", nobody]);

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"Nothing answers at {nobody} (Connection refused)", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watch run", "There is no run 'run' in runs.")]
    [InlineData("resume run", "There is no run 'run' in runs.")]
    [InlineData("stop run", "There is no run 'run' in runs.")]
    [InlineData("export run", "There is no run 'run' in runs.")]
    [InlineData("train --detach", "--cluster is missing")]
    [InlineData("runs --cluster here", "--cluster is 'here', expected HOST:PORT")]
    [InlineData("train --cluster 127.0.0.1:1 --silos 2", "--silos is for runs in this process")]
    [InlineData("train --cluster 127.0.0.1:1 --reference", "--reference is for runs in this process")]
    [InlineData("train --cluster 127.0.0.1:1 --metrics 9464", "--metrics is for runs in this process")]
    [InlineData("runs --cluster 127.0.0.1:1,password=secret", "--cluster is '127.0.0.1:1' with options of a Redis, which it does not take")]
    [InlineData("cluster up --silos 0", "--silos is '0'")]
    [InlineData("cluster up --redis nowhere", "")]
    public async Task A_wrong_command_line_is_refused_with_one_sentence(string line, string sentence)
    {
        var result = await Console.Run(line.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Without_a_cluster_status_and_down_say_that_there_is_none()
    {
        var status = await Console.Run("cluster", "status", "--json");
        var down = await Console.Run("cluster", "down");

        Assert.Equal((0, """{"clusterId":null,"redis":null,"prometheus":null,"silos":[]}"""), (status.ExitCode, status.Output.Trim()));
        Assert.Equal((0, "No cluster is up."), (down.ExitCode, down.Output.Trim()));
    }

    [RedisFact]
    public async Task A_Redis_that_wants_a_password_is_told_as_that()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();
        using var redis = Process.Start(
            new ProcessStartInfo(
                RedisProgram.Expect(),
                ["--port", $"{port}", "--bind", "127.0.0.1", "--requirepass", "rather-secret", "--save", "", "--dir", _folder.Root]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        while (
            await redis.StandardOutput.ReadLineAsync() is { } line
            && !line.Contains("Ready to accept connections", StringComparison.Ordinal)
        ) { }

        Task<ClusterUnreachableException> Refused(string option) =>
            Assert.ThrowsAsync<ClusterUnreachableException>(() => ClusterAddress.Find($"127.0.0.1:{port}", CancellationToken.None, option));
        var (asCluster, asRedis) = ((await Refused("--cluster")).Message, (await Refused("--redis")).Message);
        redis.Kill();
        await redis.WaitForExitAsync();

        Assert.StartsWith($"--cluster is '127.0.0.1:{port}', but the Redis there wants a password", asCluster, StringComparison.Ordinal);
        Assert.EndsWith("expected the gateway of one of the cluster's silos.", asCluster, StringComparison.Ordinal);
        Assert.EndsWith("expected one without (silos are given a password by FF_REDIS).", asRedis, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
