using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace ForwardForward.Runtime.Connections;

/// <summary>
/// A connection between silos in blocks that a slot's rows fit into. Orleans' own reads 4 KiB at a time, two system calls for each, and
/// copies every message that is longer than such a block once more before it is sent.
/// </summary>
internal sealed class TensorConnection : ConnectionContext, IDuplexPipe
{
    private const int WriteBlock = 2 << 20; // a message that fits is written where it is sent from
    private const int ReadBlock = 512 << 10;
    private const int MinRead = 64 << 10;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();

    /// <param name="encrypted">Over the socket; null: what goes through it is plain.</param>
    public TensorConnection(Socket socket, Stream? encrypted = null)
    {
        _socket = socket;
        var stream = encrypted ?? new NetworkStream(socket, ownsSocket: false);
        Input = PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(bufferSize: ReadBlock, minimumReadSize: MinRead, useZeroByteReads: true)
        ); // one that waits holds no block
        Output = new StreamOutput(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteBlock));
        (Transport, ConnectionClosed) = (this, _closed.Token);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>A socket with the options that Orleans gives its own.</summary>
    public static Socket NewSocket(EndPoint endpoint) =>
        new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            LingerState = new LingerOption(enable: true, 0),
            NoDelay = true,
        };

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Dispose(); // ends the reads and writes that are under way
        _ = _closed.CancelAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        Abort(new ConnectionAbortedException());
        var end = new ConnectionAbortedException("The connection is closed."); // with a reason, what is not yet sent is dropped
        await Input.CompleteAsync(end);
        await Output.CompleteAsync(end);
        await base.DisposeAsync();
    }
}
