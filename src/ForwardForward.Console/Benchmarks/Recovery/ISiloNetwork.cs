namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>Where a silo runs.</summary>
/// <param name="Address">IP address that the others, Redis's host and this process reach it by.</param>
/// <param name="Before">A command that runs the silo's; empty where none is needed.</param>
internal sealed record SiloPlace(string Address, int Port, int GatewayPort, int HttpPort, IReadOnlyList<string> Before)
{
    public string Gateway => $"{Address}:{GatewayPort}";

    public string Health => $"http://{Address}:{HttpPort}/health";
}

/// <summary>Places for silos, and what lies between them. Silos are numbered from 0.</summary>
internal interface ISiloNetwork : IAsyncDisposable
{
    bool CanCut { get; }

    /// <summary>The address that silos reach this process's own host by; Redis listens there.</summary>
    string HostAddress { get; }

    /// <summary>A place with ports that are free and were not given before.</summary>
    SiloPlace Place(int silo);

    /// <summary>Lets whatever goes to or comes from a silo vanish.</summary>
    /// <exception cref="NotSupportedException">Where nothing can be cut.</exception>
    Task Cut(int silo);

    /// <summary>Takes back a cut.</summary>
    Task Mend(int silo);
}
