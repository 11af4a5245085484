using ForwardForward.Learning.Data;
using Xunit;

namespace ForwardForward.Learning.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private static readonly byte[] TwoImages = TinyIdx.File(0x803, [2, 2, 3], [.. Enumerable.Range(1, 12).Select(i => (byte)i)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "images")]
    [InlineData(true, "images")] // no .gz in the name: the bytes decide
    [InlineData(false, "images.gz")]
    public void Reads_images_plain_or_gzip_whatever_the_name(bool gzip, string name)
    {
        var (count, height, width, pixels) = Idx.ReadImages(_folder.Save(name, gzip ? TinyIdx.Gzip(TwoImages) : TwoImages));

        Assert.Equal((2, 2, 3), (count, height, width));
        Assert.Equal(TwoImages[16..], pixels);
    }

    [Fact]
    public void Reads_labels() =>
        Assert.Equal([3, 0, 254], Idx.ReadLabels(_folder.Save("labels", TinyIdx.File(0x801, [3], [3, 0, 254]))));

    [Fact]
    public void Refuses_a_missing_file() => AssertRefused(_folder["none"], "does not exist, expected an IDX file of images.");

    [Fact]
    public void Refuses_a_folder_in_place_of_a_file() => AssertRefused(_folder.Root, "cannot be read");

    [Fact]
    public void Refuses_labels_where_images_are_expected() =>
        AssertRefused(TinyIdx.File(0x801, [3], [1, 2, 3]), "starts with 0x00000801, expected 0x00000803");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_a_truncated_file(bool gzip)
    {
        var bytes = TwoImages[..^1];
        AssertRefused(gzip ? TinyIdx.Gzip(bytes) : bytes, "is truncated: ", "11 bytes", "expected the 12 that 2 images of 2 x 3 pixels take.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    public void Refuses_a_file_that_ends_in_its_header(int length) =>
        AssertRefused(TwoImages[..length], $"is truncated: it has {length} bytes, expected an IDX file of images with a header of 16.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_trailing_data(bool gzip)
    {
        byte[] bytes = [.. TwoImages, 0];
        AssertRefused(gzip ? TinyIdx.Gzip(bytes) : bytes, "has trailing data: more than 12 bytes follow its header");
    }

    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(2, 0, 3)]
    [InlineData(2, 2, 0)]
    public void Refuses_a_file_without_images_or_pixels(int count, int height, int width) =>
        AssertRefused(TinyIdx.File(0x803, [(uint)count, (uint)height, (uint)width], []), $"is empty: its header says {count} images of {height} x {width} pixels");

    [Theory]
    [InlineData(2147483648, 28, "claims 2147483648 images of 28 x 28 pixels")]
    [InlineData(4294967295, 4294967295, "claims 4294967295 images of 4294967295 x 4294967295 pixels")]
    [InlineData(2000000, 28, "is truncated: at most ")] // 1.6 GB
    public void Refuses_a_header_that_claims_too_much_before_it_allocates(long count, long side, string expected)
    {
        var bytes = TinyIdx.File(0x803, [(uint)count, (uint)side, (uint)side], new byte[100]);
        var (plain, gzip) = (_folder.Save("plain", bytes), _folder.Save("gzip", TinyIdx.Gzip(bytes)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(plain, expected);
        AssertRefused(gzip, expected);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Reads_no_further_than_the_expected_length_of_a_gzip_bomb()
    {
        var bomb = TinyIdx.Gzip([.. TwoImages, .. new byte[20_000_000]]);
        var damagedAtItsEnd = _folder.Save("bomb", bomb[..^100]);

        AssertRefused(damagedAtItsEnd, "has trailing data"); // found without reaching the damage
    }

    [Fact]
    public void Refuses_a_gzip_file_with_a_wrong_checksum()
    {
        var bytes = TinyIdx.Gzip(TwoImages);
        bytes[^5] ^= 1; // the last eight bytes are checksum and length
        AssertRefused(bytes, "is a damaged or truncated gzip file, expected an IDX file of images.");
    }

    [Fact]
    public void Refuses_a_gzip_file_cut_in_the_middle()
    {
        var bytes = TinyIdx.Gzip(TwoImages);
        AssertRefused(bytes[..(bytes.Length / 2)], "truncated", "expected");
    }

    private void AssertRefused(byte[] bytes, params string[] parts) => AssertRefused(_folder.Save("file", bytes), parts);

    private static void AssertRefused(string path, params string[] parts)
    {
        var message = Assert.Throws<InvalidInputException>(() => Idx.ReadImages(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }
}
