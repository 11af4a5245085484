using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ForwardForward.Runtime.Connections;

/// <summary>Connects to other silos.</summary>
internal sealed class TensorConnectionFactory : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = TensorConnection.NewSocket(endpoint);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new TensorConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
