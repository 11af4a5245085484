using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>Writes a file so that, whenever the process or the machine stops, it is there as a whole or not at all.</summary>
internal static class DurableFile
{
    private const int PieceBytes = 1 << 18; // hashed and then written while it is in the cache

    /// <summary>
    /// Written under another name, flushed, renamed, and the folder flushed: in this order alone a name means whole content.
    /// </summary>
    /// <param name="temporary">In the same folder; no other write uses it at the same time.</param>
    /// <param name="expected">What the content has to be, where that is known before; else it never gets the name.</param>
    /// <exception cref="CheckpointException">
    /// The file system refused, or the content is another; nothing under <paramref name="temporary"/> is left where it can be helped.
    /// </exception>
    public static CheckpointFile Write(
        string path,
        string temporary,
        IEnumerable<ReadOnlyMemory<byte>> content,
        CheckpointFile? expected = null
    )
    {
        try
        {
            return Put(path, temporary, content, expected);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw CheckpointException.Unwritable(path, e);
        }
    }

    /// <summary>As <see cref="Write"/>, with the file system's own exceptions.</summary>
    /// <param name="overwrite">Whether it may take the place of a file that is there.</param>
    /// <param name="mode">Who may read it; null: as usual here.</param>
    internal static CheckpointFile Put(
        string path,
        string temporary,
        IEnumerable<ReadOnlyMemory<byte>> content,
        CheckpointFile? expected = null,
        bool overwrite = true,
        UnixFileMode? mode = null
    )
    {
        try
        {
            var (bytes, sha256) = WriteAndFlush(temporary, content, mode);
            if (expected is not null && (bytes, sha256) != (expected.Bytes, expected.Sha256))
            {
                throw new CheckpointException(
                    $"{path} did not arrive as it was written: {bytes} bytes came, expected {expected.Bytes} of another SHA-256."
                );
            }

            File.Move(temporary, path, overwrite);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return new CheckpointFile(Path.GetFileName(path), bytes, sha256);
        }
        catch
        {
            DeleteIfPossible(temporary);
            throw;
        }
    }

    private static (long Bytes, string Sha256) WriteAndFlush(string path, IEnumerable<ReadOnlyMemory<byte>> content, UnixFileMode? mode)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        if (mode is { } who && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, who); // before anything is in it
        }

        var bytes = content.Aggregate(0L, (offset, part) => Append(file, hash, part.Span, offset));
        RandomAccess.FlushToDisk(file);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static long Append(SafeFileHandle file, IncrementalHash hash, ReadOnlySpan<byte> part, long offset)
    {
        for (var at = 0; at < part.Length; at += PieceBytes)
        {
            var piece = part[at..Math.Min(part.Length, at + PieceBytes)];
            hash.AppendData(piece);
            RandomAccess.Write(file, piece, offset + at);
        }

        return offset + part.Length;
    }

    private static void DeleteIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            // It goes with its checkpoint's folder.
        }
    }
}
