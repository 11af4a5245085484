using System.Net;
using System.Net.Sockets;
using ForwardForward.Runtime.Connections.Security;
using Microsoft.AspNetCore.Connections;

namespace ForwardForward.Runtime.Connections;

/// <summary>Connects to silos.</summary>
/// <param name="lost">Called when a connection has ended, and when one was refused.</param>
/// <param name="handshake">Null: connections are not encrypted.</param>
internal sealed class TensorConnectionFactory(Action<EndPoint> lost, Handshake? handshake = null) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = TensorConnection.NewSocket(endpoint);
        Stream? encrypted;
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            encrypted = handshake is null ? null : await handshake.AsClient(socket, cancellationToken);
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

        var connection = new TensorConnection(socket, encrypted);
        connection.ConnectionClosed.Register(() => lost(endpoint));
        return connection;
    }
}
