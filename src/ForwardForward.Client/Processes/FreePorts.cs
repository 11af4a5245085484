using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Client.Processes;

/// <summary>Hands out ports of the loopback address that are free, the usual ones first, each once.</summary>
public sealed class FreePorts
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _given = [];

    /// <param name="usual">The first port to try.</param>
    public int Next(int usual)
    {
        lock (_lock)
        {
            var port = usual;
            while (_given.Contains(port) || !IsFree(port))
            {
                port++;
            }

            _given.Add(port);
            return port;
        }
    }

    internal static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
