using System.Diagnostics;
using ForwardForward.Chaos;
using ForwardForward.Console.Tests;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A machine that has neither Redis nor Valkey.</summary>
public sealed class WithoutRedisTests : IDisposable
{
    private static readonly string[] Needed = ["dotnet", "sh", "setsid"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-alone-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_comes_up_all_the_same_and_its_runs_outlive_the_silo_that_the_others_meet_in()
    {
        TinyIdx.Write(Path.Combine(_folder, "tiny"));
        var console = new Ff(_folder) { Variables = new Dictionary<string, string> { ["PATH"] = Programs() } };
        try
        {
            var up = await console.Run("cluster", "up", "--silos", "2");
            var listed = await console.Run("cluster", "status", "--json");
            var gateway = listed.Json.GetProperty("silos")[0].GetProperty("gateway").GetString()!;
            var trained = await console.Run(LocalClusterFixture.Request("--cluster", gateway, "--json", "--name", "kept"));
            var reference = await console.Run(LocalClusterFixture.Request("--reference", "--json", "--out", "reference"));
            using (var first = Process.GetProcessById(listed.Json.GetProperty("silos")[0].GetProperty("pid").GetInt32()))
            {
                first.Kill();
            }

            var tooEarly = await console.Run("cluster", "up");
            var down = await console.Run("cluster", "down");
            var again = await console.Run("cluster", "up");
            var shown = await console.Run("runs", "show", "kept", "--json");

            Assert.True(up.ExitCode == 0, up.Error);
            Assert.Contains(
                "Without a Redis or a Valkey the silos meet in silo-1: good for trying out",
                up.Output,
                StringComparison.Ordinal
            );
            Assert.Equal(System.Text.Json.JsonValueKind.Null, listed.Json.GetProperty("redis").ValueKind);
            Assert.True(trained.ExitCode == 0, trained.Error);
            Assert.Equal(reference.Json.GetProperty("stateHash").GetString(), trained.Json.GetProperty("stateHash").GetString());
            Assert.Equal(2, tooEarly.ExitCode);
            Assert.StartsWith("silo-1, which the others met in without a Redis, has ended", tooEarly.Error, StringComparison.Ordinal);
            Assert.True((down.ExitCode, again.ExitCode) == (0, 0), down.Error + again.Error);
            Assert.Equal("done", shown.Json.GetProperty("state").GetString());
        }
        finally
        {
            await console.Run("cluster", "down", "--purge", "--yes");
        }
    }

    // A PATH with what a cluster needs and nothing else.
    private string Programs()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;
        foreach (var program in Needed)
        {
            var found = Environment
                .GetEnvironmentVariable("PATH")!
                .Split(Path.PathSeparator)
                .Select(folder => Path.Combine(folder, program))
                .First(File.Exists);
            File.CreateSymbolicLink(
                Path.Combine(programs, program),
                File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found
            );
        }

        return programs;
    }
}
