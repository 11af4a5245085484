using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using ForwardForward.Client.Processes;
using ForwardForward.Learning;

namespace ForwardForward.Chaos.Networks;

/// <summary>
/// Every silo in a network namespace with an address of its own, on a switch that this machine's own network is on too: as on several
/// machines.
/// </summary>
public sealed partial class NamespaceNetwork : ISiloNetwork
{
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int HttpPort = 8080;
    private const int Host = 254;
    private const int Subnets = 250;
    private static int _made;
    private readonly string _prefix = $"ff{Environment.ProcessId}-{Interlocked.Increment(ref _made)}-";
    private readonly int _silos;
    private readonly int _subnet = FreeSubnet();
    private int _placesGiven;

    private NamespaceNetwork(int silos) => _silos = silos;

    public bool CanCut => true;

    public string HostAddress => Address(Host);

    private string Switch => $"{_prefix}sw";

    /// <exception cref="InvalidInputException">
    /// It takes root, the program ip and a kernel with namespaces; the message is one sentence.
    /// </exception>
    public static async Task<NamespaceNetwork> Create(int silos)
    {
        await RemoveLeft();
        var network = new NamespaceNetwork(silos);
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

    public SiloPlace Place(int silo)
    {
        var moved = Interlocked.Increment(ref _placesGiven);
        return new(Address(silo + 1), SiloPort + moved, GatewayPort + moved, HttpPort + moved)
        {
            Before = ["ip", "netns", "exec", Name(silo)],
        };
    }

    // The far end keeps its address and its connections; only nothing arrives any more.
    public Task Cut(int silo) => Ip("link", "set", Name(silo), "down");

    public Task Mend(int silo) => Ip("link", "set", Name(silo), "up");

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Enumerable.Range(0, _silos))
        {
            await Try("link", "del", Name(silo)); // a namespace that a process is still in would keep its end
            await Try("netns", "del", Name(silo));
        }

        await Try("link", "del", Switch);
    }

    private string Name(int silo) => $"{_prefix}{silo + 1}";

    private string Address(int host) => $"10.77.{_subnet}.{host}";

    private async Task Build()
    {
        await Ip("link", "add", Switch, "type", "bridge");
        await Ip("addr", "add", $"{HostAddress}/24", "dev", Switch);
        await Ip("link", "set", Switch, "up");
        foreach (var silo in Enumerable.Range(0, _silos))
        {
            var name = Name(silo);
            await Ip("netns", "add", name);
            await Ip("-n", name, "link", "set", "lo", "up");
            await Ip("link", "add", name, "type", "veth", "peer", "name", "net0", "netns", name);
            await Ip("link", "set", name, "master", Switch, "up");
            await Ip("-n", name, "addr", "add", $"{Address(silo + 1)}/24", "dev", "net0");
            await Ip("-n", name, "link", "set", "net0", "up");
        }
    }

    // Of a process that was killed before it could do so.
    private static async Task RemoveLeft()
    {
        foreach (var link in NetworkInterface.GetAllNetworkInterfaces().Select(card => card.Name))
        {
            if (OwnName().Match(link) is { Success: true } own && !Directory.Exists($"/proc/{own.Groups["pid"].Value}"))
            {
                await Try("link", "del", link);
                await Try("netns", "del", link);
            }
        }
    }

    [GeneratedRegex(@"^ff(?<pid>\d+)-\d+-(\d+|sw)$")]
    private static partial Regex OwnName();

    private static int FreeSubnet()
    {
        var taken = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address.ToString())
            .ToList();
        return Enumerable
            .Range(Environment.ProcessId, Subnets)
            .Select(number => number % Subnets)
            .First(subnet => !taken.Exists(address => address.StartsWith($"10.77.{subnet}.", StringComparison.Ordinal)));
    }

    private static async Task Ip(params string[] arguments)
    {
        if (await Try(arguments) is { } error)
        {
            throw new InvalidInputException($"ip {string.Join(' ', arguments)} failed: {error}");
        }
    }

    /// <returns>What it said where it failed.</returns>
    private static async Task<string?> Try(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error.Trim().ReplaceLineEndings(" ");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
