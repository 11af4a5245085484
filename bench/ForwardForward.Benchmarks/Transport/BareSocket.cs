using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>The yardstick: bytes over one TCP connection, from one buffer into one buffer, with nothing around them.</summary>
internal static class BareSocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] HaveAll = [1];

    /// <summary>Opens a port for one connection and reads from it on a thread of its own.</summary>
    public static IPEndPoint Listen(IPAddress address, long bytes, int pieceBytes)
    {
        var listener = new TcpListener(address, 0);
        listener.Start(backlog: 1);
        new Thread(() => Receive(listener, bytes, pieceBytes)) { Name = "ff bare socket", IsBackground = true }.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    /// <returns>Time from the first piece to the receiver's word that it has them all.</returns>
    /// <exception cref="SocketException">The connection broke, or nothing moved on it for half a minute.</exception>
    public static TimeSpan Send(IPEndPoint receiver, long bytes, int pieceBytes)
    {
        using var socket = Connected(new Socket(receiver.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(receiver);
        var piece = new byte[pieceBytes];
        var watch = Stopwatch.StartNew();
        for (var left = bytes; left > 0; left -= pieceBytes)
        {
            Send(socket, piece.AsSpan(0, (int)Math.Min(left, pieceBytes)));
        }

        return socket.Receive(piece, 0, 1, SocketFlags.None) == HaveAll.Length
            ? watch.Elapsed
            : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> piece)
    {
        while (piece.Length > 0)
        {
            piece = piece[socket.Send(piece)..];
        }
    }

    private static void Receive(TcpListener listener, long bytes, int pieceBytes)
    {
        using (listener)
        {
            try
            {
                if (!listener.Server.Poll(Patience, SelectMode.SelectRead))
                {
                    return; // nobody came
                }

                using var socket = Connected(listener.AcceptSocket());
                var piece = new byte[pieceBytes];
                for (var left = bytes; left > 0; )
                {
                    var received = socket.Receive(piece, 0, (int)Math.Min(left, pieceBytes), SocketFlags.None);
                    left = received == 0 ? throw new SocketException((int)SocketError.ConnectionReset) : left - received;
                }

                socket.Send(HaveAll);
            }
            catch (SocketException)
            {
                // The sender sees the end of the connection and says so.
            }
        }
    }

    private static Socket Connected(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendTimeout = socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return socket;
    }
}
