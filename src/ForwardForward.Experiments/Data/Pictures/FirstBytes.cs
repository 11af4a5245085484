using System.Buffers.Binary;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a file is, by how it begins: names say what they like.</summary>
internal static class FirstBytes
{
    /// <summary>So many are enough.</summary>
    public const int Needed = 8;

    private const byte Marker = 0xff;
    private const byte StartOfScan = 0xda;
    private const byte Baseline = 0xc0;
    private const byte Extended = 0xc1;
    private const int PngInterlace = 28; // the last byte of its header

    public static bool IsPng(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);

    public static bool IsJpeg(ReadOnlySpan<byte> start) => start is [0xff, 0xd8, 0xff, ..];

    /// <summary>A PNG or a JPEG.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> start) => IsPng(start) || IsJpeg(start);

    /// <summary>IDX of any kind, plain, or gzip, in which nothing else is expected.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> start) => start is [0x1f, 0x8b, ..] or [0, 0, >= 8 and <= 14, >= 1 and <= 4, ..];

    /// <summary>
    /// Whether a decoder must hold the whole picture before it can give out the first row: an interlaced PNG, a progressive JPEG.
    /// </summary>
    internal static bool ComesInOnePiece(ReadOnlySpan<byte> file) =>
        IsPng(file) ? file.Length > PngInterlace && file[PngInterlace] != 0 : IsProgressive(file);

    // Frames of other kinds are sent in several scans over the whole picture, or nobody knows.
    private static bool IsProgressive(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == Marker && jpeg[at + 1] != StartOfScan; )
        {
            if (jpeg[at + 1] is Baseline or Extended)
            {
                return false;
            }

            at += jpeg[at + 1] == Marker ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return true;
    }
}
