using System.Net;

namespace ForwardForward.Silo;

/// <summary>Says loudly that whoever reaches the silo's ports may do everything.</summary>
internal static partial class OpenDoor
{
    public static void Warn(ILogger logger, SiloSettings settings)
    {
        if (!IPAddress.IsLoopback(settings.Address))
        {
            LogOpen(logger, settings.Port, settings.GatewayPort, settings.HttpPort);
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "This silo listens on every interface without encryption: whoever reaches the ports {SiloPort}, {GatewayPort} or {HttpPort} can start, watch and stop runs; keep them inside a network you trust")]
    private static partial void LogOpen(ILogger logger, int siloPort, int gatewayPort, int httpPort);
}
