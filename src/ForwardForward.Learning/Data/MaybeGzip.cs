using System.Buffers.Binary;
using System.IO.Compression;

namespace ForwardForward.Learning.Data;

/// <summary>Reads a file as it is or unpacked; its first bytes decide, not its name.</summary>
internal static class MaybeGzip
{
    // A match of 258 bytes takes two bits at least, so no deflate stream unpacks to more than this many times its size.
    private const int LargestRatio = 1032;

    /// <summary>
    /// Whether a file that was unpacked to its end is cut off: its last four bytes do not say how long what is in it should be. Unpacking
    /// alone does not notice.
    /// </summary>
    /// <param name="stream">As <see cref="Open"/> gave it.</param>
    /// <param name="unpacked">How many bytes came.</param>
    public static bool EndsEarly(Stream stream, long unpacked)
    {
        if (stream is not GZipStream { BaseStream: { } file })
        {
            return false;
        }

        Span<byte> end = stackalloc byte[sizeof(uint)];
        file.Position = Math.Max(0, file.Length - end.Length);
        return file.ReadAtLeast(end, end.Length, throwOnEndOfStream: false) < end.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)unpacked;
    }

    /// <param name="file">At its beginning; closed with what is returned.</param>
    /// <param name="atMost">A bound on the uncompressed bytes, known before any is read.</param>
    public static Stream Open(Stream file, out long atMost)
    {
        Span<byte> start = stackalloc byte[2];
        var gzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1f, 0x8b];
        file.Position = 0;
        atMost = gzip ? file.Length * LargestRatio : file.Length;
        return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
