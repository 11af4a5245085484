namespace ForwardForward.Client.Processes;

/// <summary>Where a silo runs.</summary>
/// <param name="Address">IP address that other silos and clients reach it by.</param>
/// <param name="Port">For other silos.</param>
/// <param name="GatewayPort">For clients.</param>
/// <param name="HttpPort">Of <c>/health</c> and <c>/metrics</c>.</param>
public sealed record SiloPlace(string Address, int Port, int GatewayPort, int HttpPort)
{
    public const string Loopback = "127.0.0.1";

    /// <summary>A command that runs the silo's, as <c>ip netns exec NAME</c>; empty where none is needed.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>HOST:PORT for other silos.</summary>
    public string Endpoint => $"{Address}:{Port}";

    /// <summary>HOST:PORT for clients.</summary>
    public string Gateway => $"{Address}:{GatewayPort}";

    public string Http => $"http://{Address}:{HttpPort}";

    public string Health => $"{Http}/health";
}
