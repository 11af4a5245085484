using System.Net.Sockets;

namespace ForwardForward.Runtime.Connections.Security;

/// <summary>
/// A socket under TLS. TLS moves 16 KiB at a time, and would make a system call for each; here they are gathered until who writes says that
/// it is done, and read as many at once as have come. One reads and one writes, as a connection does.
/// </summary>
internal sealed class WideStream(Socket socket) : Stream
{
    private const int Width = 256 << 10;
    private readonly NetworkStream _inner = new(socket, ownsSocket: false);
    private byte[] _read = [];
    private byte[] _written = [];
    private int _readFrom;
    private int _readTo;
    private int _pending;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_readFrom == _readTo)
        {
            if (buffer.IsEmpty)
            {
                return await _inner.ReadAsync(buffer, cancellationToken); // who waits holds no memory
            }

            _read = _read.Length == 0 ? GC.AllocateUninitializedArray<byte>(Width) : _read;
            (_readFrom, _readTo) = (0, await _inner.ReadAsync(_read, cancellationToken));
        }

        var count = Math.Min(buffer.Length, _readTo - _readFrom);
        _read.AsMemory(_readFrom, count).CopyTo(buffer);
        _readFrom += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_pending + buffer.Length > Width)
        {
            await FlushAsync(cancellationToken);
        }

        if (buffer.Length > Width)
        {
            await _inner.WriteAsync(buffer, cancellationToken);
            return;
        }

        _written = _written.Length == 0 ? GC.AllocateUninitializedArray<byte>(Width) : _written;
        buffer.CopyTo(_written.AsMemory(_pending));
        _pending += buffer.Length;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending > 0)
        {
            var count = _pending;
            _pending = 0;
            await _inner.WriteAsync(_written.AsMemory(0, count), cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A connection reads asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A connection writes asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
