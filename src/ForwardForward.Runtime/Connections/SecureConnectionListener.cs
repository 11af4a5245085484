using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Connections.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Connections;

/// <summary>
/// One open port that only members of the cluster come through. Every connection proves itself beside the others, so that those who never
/// do hold nobody up; more than so many at once wait in the backlog of the system.
/// </summary>
internal sealed partial class SecureConnectionListener : IConnectionListener
{
    private const int MaxHandshakes = 1024;
    private readonly Channel<ConnectionContext> _proven = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SemaphoreSlim _room = new(MaxHandshakes);
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _socket;
    private readonly Handshake _handshake;
    private readonly Func<ClusterRole, bool> _isWelcome;
    private readonly ILogger _logger;

    /// <param name="socket">Bound, and listening.</param>
    /// <param name="isWelcome">Whether one of this role may come in here.</param>
    public SecureConnectionListener(Socket socket, Handshake handshake, Func<ClusterRole, bool> isWelcome, ILogger logger)
    {
        _socket = socket;
        _handshake = handshake;
        _isWelcome = isWelcome;
        _logger = logger;
        EndPoint = socket.LocalEndPoint!;
        _ = Task.Run(Listen);
    }

    public EndPoint EndPoint { get; }

    /// <returns>Null when the port is closed.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _proven.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_proven.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _closing.CancelAsync();
    }

    private async Task Listen()
    {
        while (true)
        {
            try
            {
                await _room.WaitAsync(_closing.Token);
                var accepted = await _socket.AcceptAsync(_closing.Token);
                accepted.NoDelay = true;
                _ = Prove(accepted);
            }
            catch (Exception e)
                when (e
                        is ObjectDisposedException
                            or OperationCanceledException
                            or SocketException { SocketErrorCode: SocketError.OperationAborted }
                )
            {
                _proven.Writer.TryComplete();
                return;
            }
            catch (SocketException)
            {
                _room.Release(); // this one was gone before it was accepted
            }
        }
    }

    private async Task Prove(Socket accepted)
    {
        var remote = accepted.RemoteEndPoint;
        try
        {
            var (stream, peer) = await _handshake.AsServer(accepted, _closing.Token);
            if (_isWelcome(peer) && _proven.Writer.TryWrite(new TensorConnection(accepted, stream)))
            {
                return;
            }

            LogUnwelcome(remote, peer);
        }
        catch (AuthenticationException e)
        {
            LogRefused(remote, e.Message);
        }
        finally
        {
            _room.Release();
        }

        accepted.Dispose();
    }

    [LoggerMessage(EventId = 34, Level = LogLevel.Warning, Message = "{Remote} is refused: {Reason}")]
    private partial void LogRefused(EndPoint? remote, string reason);

    [LoggerMessage(
        EventId = 35,
        Level = LogLevel.Warning,
        Message = "{Remote} is refused: its certificate is that of an {Role}, which may not come in here"
    )]
    private partial void LogUnwelcome(EndPoint? remote, ClusterRole role);
}
