using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Folders;

/// <summary>
/// Keeps what was decoded of a folder of pictures, so that they are not decoded anew by everybody who looks at the same data. A folder has
/// one file, which another takes the place of as soon as a picture has another name, size or time than it had.
/// </summary>
/// <param name="cache">Folder of such files; made when the first is written.</param>
internal sealed class DecodedPictures(string cache, TimeProvider clock)
{
    private const int Numbers = 4 * sizeof(int);

    // A picture that is written twice within a tick of the disk's clock has the same time twice: young ones are not kept.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);
    private static readonly byte[] Magic = "FFPIX\0\0\u0001"u8.ToArray();

    /// <param name="folder">That they belong to.</param>
    /// <param name="paths">At least one.</param>
    /// <returns>As <see cref="SameSizedPictures.Read"/> has them.</returns>
    /// <exception cref="InvalidInputException">A picture is damaged or of another size.</exception>
    public LabelledImages Read(string folder, IReadOnlyList<string> paths)
    {
        var file = Path.Combine(cache, $"{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))}.pixels");
        var (state, newest) = State(paths);
        if (Kept(file, state, paths.Count) is { } kept)
        {
            return kept;
        }

        var isOld = clock.GetUtcNow() - newest > Settled; // before they are read: what is written meanwhile is younger
        var images = SameSizedPictures.Read(paths);
        if (isOld)
        {
            Keep(file, state, images);
        }

        return images;
    }

    private static (byte[] State, DateTimeOffset Newest) State(IReadOnlyList<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var newest = DateTime.MinValue;
        var numbers = new byte[2 * sizeof(long)];
        foreach (var file in paths.Select(path => new FileInfo(path)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.FullName}\0"));
            BinaryPrimitives.WriteInt64LittleEndian(numbers, file.Length);
            BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(sizeof(long)), file.LastWriteTimeUtc.Ticks);
            hash.AppendData(numbers);
            newest = file.LastWriteTimeUtc > newest ? file.LastWriteTimeUtc : newest;
        }

        return (hash.GetHashAndReset(), new DateTimeOffset(DateTime.SpecifyKind(newest, DateTimeKind.Utc)));
    }

    // Whatever is wrong with it, the pictures themselves are there.
    private static LabelledImages? Kept(string path, byte[] state, int count)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[Magic.Length + state.Length + Numbers];
            file.ReadExactly(head);
            if (!head.AsSpan().StartsWith(Magic) || !head.AsSpan(Magic.Length, state.Length).SequenceEqual(state))
            {
                return null;
            }

            var numbers = head.AsSpan(Magic.Length + state.Length);
            int Number(int i, ReadOnlySpan<byte> all) => BinaryPrimitives.ReadInt32LittleEndian(all[(i * sizeof(int))..]);
            var (height, width, channels) = (Number(1, numbers), Number(2, numbers), Number(3, numbers));
            var size = (long)count * height * width * channels;
            if (Number(0, numbers) != count || size != file.Length - head.Length - SHA256.HashSizeInBytes)
            {
                return null;
            }

            var pixels = new byte[size];
            file.ReadExactly(pixels);
            var sum = new byte[SHA256.HashSizeInBytes];
            file.ReadExactly(sum);
            return sum.AsSpan().SequenceEqual(Sum(head, pixels))
                ? new LabelledImages(count, height, width, pixels, new byte[count]) { Channels = channels }
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Where it cannot be written there is none, and pictures are decoded as ever.
    private static void Keep(string file, byte[] state, LabelledImages images)
    {
        byte[] numbers =
        [
            .. new[] { images.Count, images.Height, images.Width, images.Channels }.SelectMany(number =>
            {
                var bytes = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
                return bytes;
            }),
        ];
        byte[] head = [.. Magic, .. state, .. numbers];
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WholeFile.Replace(file, [head, images.Pixels, Sum(head, images.Pixels)]);
        }
        catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException) { }
    }

    private static byte[] Sum(byte[] head, byte[] pixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(pixels);
        return hash.GetHashAndReset();
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash)[..32];
}
