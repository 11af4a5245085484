using ForwardForward.Client.Processes;

namespace ForwardForward.Chaos.Networks;

/// <summary>All silos on the loopback address, which cannot be cut.</summary>
/// <param name="pins">Whether each is held to a core of its own.</param>
public sealed class LoopbackNetwork(bool pins = false) : ISiloNetwork
{
    private const int SiloPort = 12111;
    private const int GatewayPort = 31000;
    private const int HttpPort = 8180; // the first to try, beside those of `cluster up`
    private readonly FreePorts _ports = new();

    public bool CanCut => false;

    public string HostAddress => SiloPlace.Loopback;

    public SiloPlace Place(int silo) =>
        new(HostAddress, _ports.Next(SiloPort), _ports.Next(GatewayPort), _ports.Next(HttpPort))
        {
            Before = pins ? ["taskset", "--cpu-list", $"{silo}"] : [],
        };

    public Task Cut(int silo) => throw new NotSupportedException("The loopback address cannot be cut.");

    public Task Mend(int silo) => throw new NotSupportedException("The loopback address cannot be cut.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
