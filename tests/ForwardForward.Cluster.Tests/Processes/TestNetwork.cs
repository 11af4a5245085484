using System.Diagnostics;
using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Network namespaces on one switch, which lives in the last of them; nothing of it touches the machine's own network.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private static int _made;
    private readonly string _prefix = $"ff{Environment.ProcessId}-{Interlocked.Increment(ref _made)}-";
    private readonly int _hosts;

    private TestNetwork(int hosts) => _hosts = hosts;

    private string Switch => Name(_hosts);

    public static async Task<TestNetwork> Create(int hosts)
    {
        var network = new TestNetwork(hosts);
        try
        {
            await network.Build();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a host, from 1.</summary>
    public static string Address(int host) => $"10.77.0.{host}";

    /// <summary>What goes before a command to run it on a host.</summary>
    public string[] On(int host) => ["ip", "netns", "exec", Name(host)];

    public Process Start(int host, params string[] command) => Process.Start("ip", [.. On(host)[1..], .. command]);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Range(1, _hosts))
        {
            await Command.Run("ip", "netns", "del", Name(host));
        }
    }

    private string Name(int host) => $"{_prefix}{host}";

    private async Task Build()
    {
        foreach (var host in Enumerable.Range(1, _hosts))
        {
            await Ip("netns", "add", Name(host));
            await Ip("-n", Name(host), "link", "set", "lo", "up");
        }

        await Ip("-n", Switch, "link", "add", "switch", "type", "bridge");
        await Ip("-n", Switch, "addr", "add", $"{Address(_hosts)}/24", "dev", "switch");
        await Ip("-n", Switch, "link", "set", "switch", "up");
        foreach (var host in Enumerable.Range(1, _hosts - 1))
        {
            await Ip("-n", Switch, "link", "add", $"port{host}", "type", "veth", "peer", "name", "net0", "netns", Name(host));
            await Ip("-n", Switch, "link", "set", $"port{host}", "master", "switch", "up");
            await Ip("-n", Name(host), "addr", "add", $"{Address(host)}/24", "dev", "net0");
            await Ip("-n", Name(host), "link", "set", "net0", "up");
        }
    }

    private static async Task Ip(params string[] arguments) => (await Command.Run("ip", arguments)).Succeeded();
}
