using System.Net;

namespace ForwardForward.Silo;

/// <summary>Says loudly that whoever reaches the silo's ports may do everything.</summary>
internal static partial class InsecureEndpointWarning
{
    public static void Warn(ILogger logger, SiloSettings settings)
    {
        if (!IPAddress.IsLoopback(settings.Address) && settings.TlsFolder.Length == 0)
        {
            LogOpen(logger, settings.Port, settings.GatewayPort, settings.HttpPort);
        }
        else if (!IPAddress.IsLoopback(settings.Address))
        {
            LogOpenHttp(logger, settings.HttpPort);
        }
    }

    [LoggerMessage(
        EventId = 36,
        Level = LogLevel.Warning,
        Message = "The port {HttpPort} answers whoever reaches it, without encryption, on /metrics and /health; keep it inside a network "
            + "you trust"
    )]
    private static partial void LogOpenHttp(ILogger logger, int httpPort);

    [LoggerMessage(
        EventId = 30,
        Level = LogLevel.Warning,
        Message = "This silo listens on every interface without encryption: whoever reaches the ports {SiloPort}, {GatewayPort} or "
            + "{HttpPort} can start, watch and stop runs; keep them inside a network you trust"
    )]
    private static partial void LogOpen(ILogger logger, int siloPort, int gatewayPort, int httpPort);
}
