using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ForwardForward.Runtime.Connections;

/// <summary>Connects to other silos.</summary>
/// <param name="lost">Called when a connection has ended, and when one was refused.</param>
internal sealed class TensorConnectionFactory(Action<EndPoint> lost) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = TensorConnection.NewSocket(endpoint);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                lost(endpoint);
            }

            throw;
        }

        var connection = new TensorConnection(socket);
        connection.ConnectionClosed.Register(() => lost(endpoint));
        return connection;
    }
}
