namespace ForwardForward.Learning.Tests.Data;

/// <summary>Writes small data in the binary form of CIFAR.</summary>
internal static class TinyCifar
{
    /// <summary>Labels go on from batch to batch: 0, 1, 2 and so on.</summary>
    public static string WriteTen(string folder, int perBatch = 2)
    {
        for (var batch = 0; batch < 5; batch++)
        {
            Write(Path.Combine(folder, $"data_batch_{batch + 1}.bin"), batch * perBatch, perBatch, image => [(byte)(image % 10)]);
        }

        Write(Path.Combine(folder, "test_batch.bin"), 0, perBatch, image => [(byte)(image % 10)]);
        return folder;
    }

    /// <summary>Fine labels count down from 99.</summary>
    public static string WriteHundred(string folder, int train = 2, int test = 2)
    {
        Write(Path.Combine(folder, "train.bin"), 0, train, image => [(byte)(image % 20), (byte)(99 - image)]);
        Write(Path.Combine(folder, "test.bin"), 0, test, image => [(byte)(image % 20), (byte)(99 - image)]);
        return folder;
    }

    public static byte Value(int image, int channel, int row, int column) => (byte)((7 * image) + (50 * channel) + (3 * row) + column);

    private static void Write(string path, int first, int count, Func<int, byte[]> labels)
    {
        var records = Enumerable
            .Range(first, count)
            .SelectMany(image =>
                labels(image).Concat(Enumerable.Range(0, 3 * 32 * 32).Select(i => Value(image, i / 1024, i % 1024 / 32, i % 32)))
            );
        File.WriteAllBytes(path, [.. records]);
    }
}
