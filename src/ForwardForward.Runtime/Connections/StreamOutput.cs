using System.IO.Pipelines;

namespace ForwardForward.Runtime.Connections;

/// <summary>
/// Writes to a stream, and can be told at any time to give up a flush. The framework's own writer throws when it is told after it was
/// completed, as Orleans does where a send fails while the connection is being closed: the closing ends there, the socket stays open, and
/// the other side goes on answering into it.
/// </summary>
internal sealed class StreamOutput(Stream stream, StreamPipeWriterOptions options) : PipeWriter
{
    private readonly PipeWriter _writer = Create(stream, options);

    public override bool CanGetUnflushedBytes => _writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => _writer.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _writer.GetSpan(sizeHint);

    public override void Advance(int bytes) => _writer.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _writer.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush()
    {
        try
        {
            _writer.CancelPendingFlush();
        }
        catch (ObjectDisposedException)
        {
            // It is complete, so no flush is pending.
        }
    }

    public override void Complete(Exception? exception = null) => _writer.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => _writer.CompleteAsync(exception);
}
