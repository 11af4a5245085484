using System.Security.Cryptography;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// Reads a checkpoint's file once, from beginning to end. Its end is reached only if every byte was as the manifest says: who has read to
/// the end has read what was written.
/// </summary>
internal sealed class VerifiedStream : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _path;
    private readonly CheckpointFile _expected;
    private readonly FileStream _file;
    private bool _isAtEnd;

    /// <exception cref="CheckpointException">The file is missing, cannot be read, or has another size.</exception>
    public VerifiedStream(string path, CheckpointFile expected)
    {
        (_path, _expected) = (path, expected);
        (_file, var length) = Open(path, expected);
        if (length != expected.Bytes)
        {
            Dispose();
            throw new CheckpointException($"{path} has {length} bytes, expected {expected.Bytes}.");
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _expected.Bytes;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="CheckpointException">The file cannot be read, or what was read up to its end is not what was written.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _file.Read(buffer);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unreadable(_path, e);
        }

        _hash.AppendData(buffer[..read]);
        if (read == 0 && buffer.Length > 0 && !_isAtEnd)
        {
            Verify();
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Verify()
    {
        _isAtEnd = Convert.ToHexStringLower(_hash.GetCurrentHash()) == _expected.Sha256;
        if (!_isAtEnd)
        {
            throw new CheckpointException($"{_path} is damaged: its bytes do not match the SHA-256 in the manifest.");
        }
    }

    private static (FileStream File, long Length) Open(string path, CheckpointFile expected)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return (file, file.Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path} is missing, expected a file of {expected.Bytes} bytes.", e);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            file?.Dispose();
            throw CheckpointException.Unreadable(path, e);
        }
    }
}
