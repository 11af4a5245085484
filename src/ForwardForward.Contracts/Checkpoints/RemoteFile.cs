namespace ForwardForward.Contracts.Checkpoints;

/// <summary>A file that a silo keeps, in pieces that are small messages; the next one is on its way while one is written.</summary>
internal static class RemoteFile
{
    private const int LargestPiece = 1 << 20;

    /// <param name="read">Reads so many bytes from an offset on, less at the end of the file.</param>
    /// <param name="bytes">Of the whole file.</param>
    /// <param name="most">Bytes that a message may have.</param>
    /// <param name="cancellation">Ends the wait for a piece.</param>
    /// <returns>The pieces in order; they end early where the file is shorter than it should be.</returns>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(
        Func<long, int, Task<byte[]>> read,
        long bytes,
        int most,
        CancellationToken cancellation
    )
    {
        var piece = Math.Min(LargestPiece, most);
        var next = read(0, piece);
        for (var offset = 0L; offset < bytes; )
        {
            var content = next.WaitAsync(cancellation).GetAwaiter().GetResult();
            if (content.Length == 0)
            {
                yield break;
            }

            offset += content.Length;
            if (offset < bytes)
            {
                next = read(offset, piece);
            }

            yield return content;
        }
    }
}
