using System.Diagnostics;
using System.Text.Json;
using ForwardForward.Chaos;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Tests;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Runtime.Connections.Security;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A cluster on machines that are reached over SSH alone.</summary>
public sealed class HostClusterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ff-hosts-").FullName;
    private SshHosts _hosts = null!;

    public async Task InitializeAsync()
    {
        if (new SshFactAttribute().Skip is null)
        {
            _hosts = await SshHosts.Start(3, _folder);
        }
    }

    public async Task DisposeAsync()
    {
        if (_hosts is not null)
        {
            await _hosts.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [SshFact]
    public async Task Silos_are_started_added_removed_lost_and_stopped_over_ssh_and_a_run_goes_on_as_the_reference()
    {
        TinyIdx.Write(Path.Combine(_folder, "tiny"));
        File.WriteAllText(Path.Combine(_folder, "hosts"), $"# the first has the Redis\n{_hosts.Line(0)}\n");

        var interrupted = await Interrupted("cluster", "up", "--hosts", "hosts");
        var leftByIt = await _hosts.Processes(0);
        var up = await Console("cluster", "up", "--hosts", "hosts", "--json");
        await Kill(up.Json.GetProperty("silos")[0].GetProperty("pid").GetInt32());
        var revived = await Console("cluster", "up", "--hosts", "hosts", "--json");
        ShareTheProgram();
        await Console(["cluster", "add", .. _hosts.Line(1).Split(' ')]);
        await Console([.. LocalClusterFixture.Request("--epochs", "100000", "--detach", "--name", "lasting")]);
        var before = await Until(run => run.LastCheckpointSlot > 0);
        var added = await Console(["cluster", "add", .. _hosts.Line(2).Split(' '), "--json"]);
        var removed = await Console("cluster", "remove", _hosts.Addresses[1], "--json");
        var drained = await Until(run => run.State == RunState.Running && run.LastCheckpointSlot > before.LastCheckpointSlot);
        var log = await Console("cluster", "logs", _hosts.Addresses[0], "--lines", "1000");
        var status = await Console("cluster", "status");
        await _hosts.Cut(2);
        await using (var client = await Client())
        {
            await ReferenceTraces.Hold(drained.Slot, client.Grains.GetGrain<IExperimentGrain>("lasting").Watch);
        }

        var down = await _hosts.Console.Run("cluster", "down");
        var left = await _hosts.Processes(0);
        var again = await _hosts.Console.Run("cluster", "up", "--hosts", _hosts.Line(1));

        Assert.Equal(130, interrupted.ExitCode);
        Assert.Empty(leftByIt);
        var silo = up.Json.GetProperty("silos").EnumerateArray().Single();
        Assert.Contains($"The silo of {_hosts.Addresses[0]} has ended, and is started again.", revived.Error, StringComparison.Ordinal);
        Assert.Equal(Text(silo, "gateway"), Text(revived.Json.GetProperty("silos")[0], "gateway"));
        Assert.Equal(($"{_hosts.Addresses[0]}:30000", _hosts.Addresses[0]), (Text(silo, "gateway"), Text(silo, "name")));
        Assert.Equal(3, added.Json.GetProperty("silos").GetArrayLength());
        Assert.Equal(2, removed.Json.GetProperty("silos").GetArrayLength());
        Assert.Equal((0, 0), (drained.Recoveries, drained.RedoneSlots));
        Assert.Equal(["programs"], Directory.GetFileSystemEntries(_hosts.Folder(1)).Select(Path.GetFileName));
        Assert.Empty(await _hosts.Processes(1));
        Assert.Contains("lasting", log.Output, StringComparison.Ordinal);
        Assert.Matches($@"{_hosts.Addresses[0]} +\d+ +{_hosts.Addresses[0]}:11111", status.Output);
        Assert.Equal(3, down.ExitCode);
        Assert.Matches(
            $"^{_hosts.Addresses[2]} cannot be reached over SSH \\(.*\\), expected that `ssh {_hosts.Addresses[2]} true` works and asks "
                + "nothing; what runs there and its files stay there, and `ff cluster down` tries again\\.\n$",
            down.Error[down.Error.IndexOf(_hosts.Addresses[2], StringComparison.Ordinal)..]
        );
        Assert.Empty(left);
        Assert.Equal(["programs"], Directory.GetFileSystemEntries(_hosts.Folder(0)).Select(Path.GetFileName));
        Assert.Equal(2, again.ExitCode);
        Assert.StartsWith("A cluster of 2 hosts is up already", again.Error, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task A_host_that_cannot_run_a_silo_is_named_in_a_sentence_and_nothing_is_left_anywhere()
    {
        _hosts.Shadow(0, "uname", "[ \"$1\" = -s ] && echo Linux || echo aarch64");
        _hosts.Shadow(1, "date", "echo $(($(/bin/date +%s) - 3600))");
        _hosts.Shadow(2, "df", "echo disk 1000 900 100 90% /");

        await Refused(2, $"^{_hosts.Addresses[0]} is a machine of the kind Linux aarch64, expected Linux x86_64,", 0);
        await Refused(2, $"^{_hosts.Addresses[1]} has a clock that is 1.0 hours behind this machine's,", 1);
        await Refused(2, $@"^{_hosts.Addresses[2]} has 0 MB free at .*host-2, expected \d+ MB for the program\.", 2);
        await _hosts.Cut(2);
        await Refused(3, $"^{_hosts.Addresses[2]} cannot be reached over SSH", 2);
        Assert.Equal(2, (await _hosts.Console.Run("cluster", "up", "--hosts", "a speed=9")).ExitCode);
        Assert.Equal(2, (await _hosts.Console.Run("cluster", "remove", "a")).ExitCode);
        Assert.StartsWith("There are no logs", (await _hosts.Console.Run("cluster", "logs", "a")).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "state")));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task Refused(int exitCode, string sentence, int host)
    {
        var result = await _hosts.Console.Run("cluster", "up", "--hosts", WriteHosts(host));
        Assert.Matches(sentence, result.Error);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_hosts.Folder(host)));
    }

    private string WriteHosts(int host)
    {
        File.WriteAllText(Path.Combine(_folder, "one"), _hosts.Line(host));
        return "one";
    }

    private async Task<FfResult> Console(params string[] arguments)
    {
        var result = await _hosts.Console.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    // By Ctrl+C, once there is something to take back.
    private async Task<FfResult> Interrupted(params string[] arguments)
    {
        var up = _hosts.Console.Start(arguments);
        await Event.Of("a silo was started", async () => (await _hosts.Processes(0)).Any(IsSilo), TimeSpan.FromMinutes(2));
        await Signal(up.Id, "INT");
        return await Ff.Finish(up);
    }

    private async Task Kill(int silo)
    {
        await Signal(silo, "KILL");
        await Event.Of("the silo is gone", async () => !(await _hosts.Processes(0)).Any(IsSilo), TimeSpan.FromSeconds(30));
    }

    private static bool IsSilo(string commandLine) => commandLine.Contains("ForwardForward.Silo.dll", StringComparison.Ordinal);

    private static async Task Signal(int pid, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{pid}"]);
        await kill.WaitForExitAsync();
    }

    // It was copied once over SSH; twice more would cost the time of several other tests.
    private void ShareTheProgram()
    {
        foreach (var host in new[] { 1, 2 })
        {
            Directory.CreateSymbolicLink($"{_hosts.Folder(host)}/programs", $"{_hosts.Folder(0)}/programs");
        }
    }

    private Task<ClusterConnection> Client() =>
        ClusterConnection.Connect(
            $"{_hosts.Addresses[0]}:30000",
            ClusterConnection.DefaultClusterId,
            CancellationToken.None,
            handshake: new Handshake(
                new CertificateFolder(
                    Certificates.FolderOf(Path.Combine(_folder, "state", "forwardforward", "hosts", "tls"), ClusterRole.Operator)
                ),
                ClusterConnection.DefaultClusterId
            )
        );

    private async Task<RunStatus> Until(Func<RunStatus, bool> wanted)
    {
        await using var client = await Client();
        var coordinator = client.Grains.GetGrain<IExperimentGrain>("lasting");
        RunStatus? status = null;
        await Event.Of(
            "the run is as wanted",
            async () => wanted(status = await coordinator.Status()),
            TimeSpan.FromMinutes(2),
            () => $"It is {status!.State} at slot {status.Slot}. {status.Error}"
        );
        return status!;
    }
}
