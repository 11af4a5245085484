using System.IO.Compression;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Files of a data set, plain and gzip.</summary>
internal sealed class IdxTarget : ITarget
{
    private static readonly byte[] Images =
    [
        0,
        0,
        8,
        3,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        3,
        0,
        0,
        0,
        4,
        .. Enumerable.Range(1, 24).Select(i => (byte)i),
    ];
    private static readonly byte[] Coloured =
    [
        .. Images[..3],
        4,
        .. Images[4..12],
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        3,
        .. Enumerable.Range(1, 36).Select(i => (byte)i),
    ];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1];

    public IReadOnlyList<byte[]> Seeds => [Images, Coloured, Labels, Gzip(Images), Gzip(Coloured), Gzip(Labels)];

    public void Decode(byte[] input)
    {
        foreach (var magic in new[] { Idx.MagicOfImages, Idx.MagicOfLabels })
        {
            try
            {
                var (shape, values) = Idx.Read(new MemoryStream(input), "input", magic);
                Finding.Unless(shape.Aggregate(1L, (a, b) => a * b) == values.Length, "the shape is not that of the values");
            }
            catch (InvalidInputException) { }
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
