using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ForwardForward.Runtime.Connections;

/// <summary>Opens the ports that other silos and clients connect to.</summary>
/// <param name="secure">Makes the listener of a port that only members of the cluster come through; null: everybody does.</param>
internal sealed class TensorConnectionListenerFactory(Func<Socket, IConnectionListener>? secure = null) : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = TensorConnection.NewSocket(endpoint);
        try
        {
            if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            socket.Listen();
            return ValueTask.FromResult(secure?.Invoke(socket) ?? new TensorConnectionListener(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>One open port.</summary>
internal sealed class TensorConnectionListener(Socket socket) : IConnectionListener
{
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <returns>Null when the port is closed.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return new TensorConnection(accepted);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException)
            {
                // This one was gone before it was accepted.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }
}
