using System.Text;

namespace ForwardForward.Learning.Data;

/// <summary>What a file is that was taken for another one, by its first bytes.</summary>
internal static class FileKind
{
    /// <summary>As many bytes as are worth looking at: the name of the tar format stands behind the first entry's.</summary>
    public const int StartBytes = 512;

    private const int TarMark = 257;

    private static readonly (byte[] Start, string Kind)[] Known =
    [
        ([0x1f, 0x8b], "a gzip file"),
        ("PK\u0003\u0004"u8.ToArray(), "a zip archive: it has to be unpacked"),
        ("PK\u0005\u0006"u8.ToArray(), "an empty zip archive"),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive: it has to be unpacked"),
        ("Rar!"u8.ToArray(), "a rar archive: it has to be unpacked"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "an xz file: it has to be unpacked"),
        ([0x28, 0xb5, 0x2f, 0xfd], "a zstd file: it has to be unpacked"),
        ("BZh"u8.ToArray(), "a bzip2 file: it has to be unpacked"),
        ([0x89, .. "PNG"u8], "a PNG picture"),
        ([0xff, 0xd8, 0xff], "a JPEG picture"),
        ("GIF8"u8.ToArray(), "a GIF picture"),
        ([0x93, .. "NUMPY"u8], "a NumPy array (.npy)"),
        ("PAR1"u8.ToArray(), "a Parquet table"),
        ([0x89, .. "HDF"u8], "an HDF5 file"),
        ("MATLAB"u8.ToArray(), "a MATLAB file"),
        ("%PDF"u8.ToArray(), "a PDF"),
        ("version https://git-lfs"u8.ToArray(), "a Git LFS pointer and not the file that it stands for, which `git lfs pull` fetches"),
        ("/annex/objects/"u8.ToArray(), "a git-annex pointer and not the file that it stands for, which `git annex get` fetches"),
    ];

    /// <param name="start">The first <see cref="StartBytes"/> of the file, or all that it has.</param>
    /// <returns>With its article; null where it is nothing known.</returns>
    public static string? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (mark, kind) in Known)
        {
            if (start.StartsWith(mark))
            {
                return kind;
            }
        }

        return start.Length > TarMark && start[TarMark..].StartsWith("ustar"u8)
            ? "a tar archive: it has to be unpacked"
            : OfIdx(start) ?? OfText(start);
    }

    // Two zeros, the type of the values, the number of dimensions.
    private static string? OfIdx(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0, 0, var type, > 0 and <= 8 and var rank, ..] when Values(type) is { } values =>
                $"an IDX file of {values} in {Dimensions(rank)}",
            [> 0 and <= 8 and var rank, var type, 0, 0, ..] when Values(type) is { } values =>
                $"an IDX file of {values} in {Dimensions(rank)}, its bytes in reverse order",
            _ => null,
        };

    private static string Dimensions(int rank) => rank == 1 ? "one dimension" : $"{rank} dimensions";

    private static string? Values(byte type) =>
        type switch
        {
            0x08 => "unsigned bytes",
            0x09 => "signed bytes",
            0x0b => "16-bit integers",
            0x0c => "32-bit integers",
            0x0d => "32-bit floats",
            0x0e => "64-bit floats",
            _ => null,
        };

    private static string? OfText(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\ufeff"u8))
        {
            start = start[3..];
        }

        if (start.IsEmpty || start.ContainsAnyExceptInRange((byte)1, (byte)255) || start.ContainsAnyInRange((byte)14, (byte)31))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(start).TrimStart();
        return text switch
        {
            _ when Begins("<!doctype html") || Begins("<html") || text.Contains("<html", StringComparison.OrdinalIgnoreCase) =>
                "an HTML page, as servers send in place of a file that they do not have",
            _ when Begins("<?xml") || Begins("<") => "an XML file",
            ['{' or '[', ..] => "JSON",
            _ when text.Length > 0 && !text.TrimEnd('\ufffd').Contains('\ufffd') => "text",
            _ => null,
        };

        bool Begins(string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
    }
}
