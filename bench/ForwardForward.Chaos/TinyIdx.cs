using System.Buffers.Binary;
using System.IO.Compression;

namespace ForwardForward.Chaos;

/// <summary>Writes small data folders in IDX form. The same arguments give the same bytes.</summary>
public static class TinyIdx
{
    /// <summary>
    /// Learnable images: label i is i modulo the classes, and each class has its own bright run of pixels, behind the pixels that the label
    /// takes, over dark noise.
    /// </summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, int train = 200, int test = 50, int side = 8, int classes = 4, bool gzip = false)
    {
        Directory.CreateDirectory(folder);
        WritePart(folder, "train", train, side, classes, seed: 1, gzip);
        WritePart(folder, "t10k", test, side, classes, seed: 2, gzip);
        return folder;
    }

    /// <summary>An IDX file of bytes in memory: magic number, dimensions, values.</summary>
    public static byte[] File(uint magic, uint[] dimensions, byte[] values)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + values.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        values.CopyTo(bytes, bytes.Length - values.Length);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static void WritePart(string folder, string part, int count, int side, int classes, int seed, bool gzip)
    {
        var labels = Enumerable.Range(0, count).Select(i => (byte)(i % classes)).ToArray();
        var images = File(0x803, [(uint)count, (uint)side, (uint)side], Pixels(labels, side * side, classes, Noise(seed)));
        Save($"{part}-images-idx3-ubyte", images);
        Save($"{part}-labels-idx1-ubyte", File(0x801, [(uint)count], labels));

        void Save(string name, byte[] bytes) =>
            System.IO.File.WriteAllBytes(Path.Combine(folder, gzip ? $"{name}.gz" : name), gzip ? Gzip(bytes) : bytes);
    }

#pragma warning disable RS0030 // the golden trajectories are of these bytes
    private static Random Noise(int seed) => new(seed);
#pragma warning restore RS0030

    private static byte[] Pixels(byte[] labels, int size, int classes, Random noise)
    {
        var run = Math.Max(1, (size - classes) / classes);
        var pixels = new byte[labels.Length * size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var place = ((i % size) - classes) / (double)run; // 0 to 1 in the run of class 0
            var bright = Math.Floor(place) == labels[i / size];
            pixels[i] = (byte)(bright ? noise.Next(150, 256) : noise.Next(0, 60));
        }

        return pixels;
    }
}
