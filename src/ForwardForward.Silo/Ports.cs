using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Silo;

/// <summary>Looks whether the silo's ports are free before anything starts, so that a person reads which one is not.</summary>
internal static class Ports
{
    /// <exception cref="ValidationException">
    /// A port is taken, or the address is not this machine's; the message is one sentence.
    /// </exception>
    public static void RequireFree(SiloSettings settings)
    {
        foreach (
            var (name, port) in new[]
            {
                (nameof(settings.Port), settings.Port),
                (nameof(settings.GatewayPort), settings.GatewayPort),
                (nameof(settings.HttpPort), settings.HttpPort),
            }
        )
        {
            if (port != 0)
            {
                RequireFree(name, new IPEndPoint(settings.Address, port));
            }
        }
    }

    private static void RequireFree(string name, IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new ValidationException(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Silo:{name} is {endpoint.Port}, but that port is taken: choose another."
                    : $"Silo:{name} cannot listen on {endpoint} ({e.Message}), expected an address of this machine and a port it may use.",
                e
            );
        }
    }
}
