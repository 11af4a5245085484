using System.Buffers.Binary;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Console.Benchmarks.Recovery;

/// <summary>A small data set in IDX form that is the same everywhere: each class has its own bright run of pixels, behind those that the label takes, over dark noise.</summary>
internal static class TinyData
{
    private const int Side = 8, Classes = 4, Train = 2000, Test = 100;
    private const int Pixels = Side * Side, Run = (Pixels - Classes) / Classes;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", Train, seed: 1);
        Write(folder, "t10k", Test, seed: 2);
    }

    private static void Write(string folder, string part, int count, int seed)
    {
        var labels = Enumerable.Range(0, count).Select(i => (byte)(i % Classes)).ToArray();
        var pixels = Enumerable.Range(0, count).SelectMany(i => Image(labels[i], new KeyedRandom(seed, Draw.Order, 0, i))).ToArray();
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), [.. Header(3, count, Side, Side), .. pixels]);
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), [.. Header(1, count), .. labels]);
    }

    private static byte[] Image(int label, KeyedRandom random)
    {
        var image = new byte[Pixels];
        for (var i = 0; i < Pixels; i++)
        {
            var isBright = i >= Classes && (i - Classes) / Run == label;
            image[i] = (byte)(isBright ? 150 + random.NextInt32(106) : random.NextInt32(60));
        }

        return image;
    }

    private static byte[] Header(byte dimensions, params int[] sizes)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (8, dimensions); // 8: unsigned bytes
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return header;
    }
}
