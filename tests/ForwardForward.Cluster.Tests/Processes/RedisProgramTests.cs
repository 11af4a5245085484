using ForwardForward.Client.Processes;

namespace ForwardForward.Cluster.Tests.Processes;

public sealed class RedisProgramTests
{
    [Theory]
    [InlineData(null, "redis-server,valkey-server", "redis-server")]
    [InlineData(null, "valkey-server", "valkey-server")]
    [InlineData("", "valkey-server", "valkey-server")]
    [InlineData("valkey-server", "redis-server,valkey-server", "valkey-server")]
    [InlineData("/opt/keydb", "redis-server,/opt/keydb", "/opt/keydb")]
    [InlineData("valkey-server", "redis-server", null)]
    [InlineData(null, "prometheus", null)]
    public void It_is_the_one_that_is_named_else_whichever_the_machine_has(string? named, string installed, string? expected) =>
        Assert.Equal(expected, RedisProgram.Find(named, installed.Split(',').Contains));

    [Fact]
    public async Task A_cluster_whose_server_is_named_and_missing_says_so()
    {
        using var folder = new Learning.Tests.Data.TemporaryFolder();
        var dotnet = Environment.ProcessPath!;
        var bin = Directory.CreateDirectory(Path.Combine(folder.Root, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "dotnet"), dotnet);

        var up = await Deploy.Command.Run(
            dotnet,
            [Path.Combine(AppContext.BaseDirectory, "ff.dll"), "cluster", "up", "--silos", "1"],
            new()
            {
                ["PATH"] = bin,
                [RedisProgram.Variable] = "no-such-server",
                ["XDG_STATE_HOME"] = folder.Root,
            }
        );

        Assert.Equal(2, up.ExitCode);
        Assert.Equal(
            "FF_REDIS_SERVER is 'no-such-server', which is not installed: expected a Redis or Valkey server, on the PATH or by its path.",
            up.Error.TrimEnd()
        );
    }
}
