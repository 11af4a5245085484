using System.Buffers.Binary;

namespace ForwardForward.Learning.Data;

/// <summary>
/// Reads IDX files of bytes, plain or gzip: a magic number, big-endian dimensions, then the values. Images have three dimensions, or four
/// where their pixels have several numbers.
/// </summary>
/// <remarks>Every method throws <see cref="InvalidInputException"/> where the file is not exactly what its header says.</remarks>
internal static class Idx
{
    internal const int MagicOfImages = 0x0803; // unsigned bytes in three dimensions
    internal const int MagicOfColouredImages = 0x0804; // the fourth: the numbers of a pixel
    internal const int MagicOfLabels = 0x0801;
    private const int Colours = 3;

    /// <returns>Grey images or coloured ones; their labels are all 0.</returns>
    public static LabelledImages ReadImages(string path)
    {
        var (shape, pixels) = Read(path, MagicOfImages);
        return new LabelledImages(shape[0], shape[1], shape[2], pixels, new byte[shape[0]]) { Channels = shape.Length > 3 ? shape[3] : 1 };
    }

    /// <returns>One class number per image.</returns>
    public static byte[] ReadLabels(string path) => Read(path, MagicOfLabels).Values;

    private static (int[] Shape, byte[] Values) Read(string path, int magic)
    {
        var expected = Expected(magic);
        try
        {
            return Read(File.OpenRead(path), path, magic);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException($"{path} does not exist, expected {expected}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path} cannot be read ({e.Message.TrimEnd('.')}), expected {expected}.", e);
        }
    }

    /// <param name="file">Closed when it is read.</param>
    /// <param name="path">What messages call it.</param>
    internal static (int[] Shape, byte[] Values) Read(Stream file, string path, int magic)
    {
        var expected = Expected(magic);
        try
        {
            using var stream = MaybeGzip.Open(file, out var atMost);
            var shape = ReadHeader(stream, path, magic, isPacked: stream != file);
            return (shape, ReadValues(stream, path, shape, atMost - HeaderBytes(shape.Length)));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidInputException($"{path} is a damaged gzip file, expected {expected}.", e);
        }
    }

    private static int[] ReadHeader(Stream stream, string path, int magic, bool isPacked)
    {
        var expected = Expected(magic);
        var header = new byte[HeaderBytes(Rank(magic))];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read == header.Length && magic == MagicOfImages && Field(header, 0) == MagicOfColouredImages)
        {
            var first = read;
            Array.Resize(ref header, HeaderBytes(Rank(magic = MagicOfColouredImages)));
            read += stream.ReadAtLeast(header.AsSpan(first), header.Length - first, throwOnEndOfStream: false);
        }

        if (read >= 4 && Field(header, 0) != magic)
        {
            throw Another(stream, header.AsSpan(0, read), path, magic, isPacked);
        }

        if (read < header.Length)
        {
            throw Short(
                stream,
                path,
                read,
                expected,
                read == 0
                    ? $"is {(isPacked ? "a gzip file of nothing" : "empty")}, expected {expected}"
                    : $"is truncated: it has {read} bytes, expected {expected} with a header of {header.Length}"
            );
        }

        return ShapeOf(header, path);
    }

    private static InvalidInputException Short(Stream stream, string path, long read, string expected, string otherwise) =>
        new(
            MaybeGzip.EndsEarly(stream, read)
                ? $"{path} is a truncated gzip file: its download ended early, expected {expected}."
                : $"{path} {otherwise}."
        );

    // Of another kind than it was taken for.
    private static InvalidInputException Another(Stream stream, ReadOnlySpan<byte> begun, string path, int magic, bool isPacked)
    {
        var start = new byte[FileKind.StartBytes];
        begun.CopyTo(start);
        var read = begun.Length + stream.ReadAtLeast(start.AsSpan(begun.Length), start.Length - begun.Length, throwOnEndOfStream: false);
        var packing = isPacked ? "a gzip file of " : "";
        var found = FileKind.Of(start.AsSpan(0, read)) is { } kind
            ? $"is {packing}{kind}"
            : $"starts with 0x{Field(start, 0):x8} and is {packing}nothing that is known here";
        return new InvalidInputException(
            $"{path} {found}, expected {Expected(magic)}: unsigned bytes in {Rank(magic)} dimension{(Rank(magic) == 1 ? "" : "s")}."
        );
    }

    private static int[] ShapeOf(byte[] header, string path)
    {
        var dimensions = Enumerable.Range(1, (header.Length / 4) - 1).Select(i => Field(header, i)).ToArray();
        if (dimensions.Contains(0u))
        {
            throw new InvalidInputException($"{path} is empty: its header says {Describe(dimensions)}, expected at least one of each.");
        }

        if (dimensions.Aggregate((UInt128)1, (product, d) => product * d) > (UInt128)Array.MaxLength)
        {
            throw new InvalidInputException($"{path} claims {Describe(dimensions)}, expected at most {Array.MaxLength} bytes.");
        }

        return dimensions is not [_, _, _, not (1 or Colours)]
            ? [.. dimensions.Select(d => (int)d)]
            : throw new InvalidInputException(
                $"{path} has {Describe(dimensions)}, expected 1 or {Colours} numbers for each: images, rows, columns, red green blue."
            );
    }

    private static byte[] ReadValues(Stream stream, string path, int[] shape, long atMost)
    {
        var count = shape.Aggregate((a, b) => a * b);
        var size = $"expected the {count} that {Describe(shape)} take";
        if (atMost < count)
        {
            throw new InvalidInputException($"{path} is truncated: at most {atMost} bytes follow its header, {size}.");
        }

        var values = new byte[count];
        var read = stream.ReadAtLeast(values, count, throwOnEndOfStream: false);
        if (read < count)
        {
            throw Short(
                stream,
                path,
                HeaderBytes(shape.Length) + read,
                $"{count} bytes after its header",
                $"is truncated: {read} bytes follow its header, {size}"
            );
        }

        return stream.ReadByte() < 0
            ? values
            : throw new InvalidInputException($"{path} has trailing data: more than {count} bytes follow its header, {size}.");
    }

    private static string Expected(int magic) => magic == MagicOfLabels ? "an IDX file of labels" : "an IDX file of images";

    // the format's own rule
    private static int Rank(int magic) => magic & 0xff;

    private static int HeaderBytes(int rank) => 4 + (4 * rank);

    private static uint Field(byte[] header, int index) => BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * index));

    private static string Describe<T>(T[] shape) =>
        shape.Length switch
        {
            1 => $"{shape[0]} labels",
            3 => $"{shape[0]} images of {shape[1]} x {shape[2]} pixels",
            _ => $"{shape[0]} images of {shape[1]} x {shape[2]} pixels of {shape[3]} numbers",
        };
}
