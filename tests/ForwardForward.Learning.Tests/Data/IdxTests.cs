using ForwardForward.Chaos;
using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private static readonly byte[] TwoImages = TinyIdx.File(0x803, [2, 2, 3], [.. Enumerable.Range(1, 12).Select(i => (byte)i)]);

    private static readonly byte[] TwoColoured = TinyIdx.File(0x804, [2, 2, 3, 3], [.. Enumerable.Range(1, 36).Select(i => (byte)i)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "images")]
    [InlineData(true, "images")] // no .gz in the name: the bytes decide
    [InlineData(false, "images.gz")]
    public void Reads_images_plain_or_gzip_whatever_the_name(bool gzip, string name)
    {
        var images = Idx.ReadImages(_folder.Save(name, gzip ? TinyIdx.Gzip(TwoImages) : TwoImages));

        Assert.Equal((2, 2, 3, 1), (images.Count, images.Height, images.Width, images.Channels));
        Assert.Equal(TwoImages[16..], images.Pixels);
    }

    [Fact]
    public void Reads_coloured_images_of_four_dimensions()
    {
        var images = Idx.ReadImages(_folder.Save("images", TwoColoured));

        Assert.Equal((2, 2, 3, 3), (images.Count, images.Height, images.Width, images.Channels));
        Assert.Equal(TwoColoured[20..], images.Pixels);
        Assert.Equal(1, Idx.ReadImages(_folder.Save("grey", TinyIdx.File(0x804, [1, 2, 2, 1], [1, 2, 3, 4]))).Channels);
    }

    [Theory]
    [InlineData(19, "is truncated: it has 19 bytes, expected an IDX file of images with a header of 20.")]
    [InlineData(55, "is truncated: ", "expected the 36 that 2 images of 2 x 3 pixels of 3 numbers take.")]
    public void Refuses_coloured_images_that_are_cut_short(int length, params string[] parts) =>
        AssertRefused(TwoColoured[..length], parts);

    [Fact]
    public void Refuses_colours_that_do_not_come_last() =>
        AssertRefused(
            TinyIdx.File(0x804, [2, 3, 4, 5], new byte[120]),
            "has 2 images of 3 x 4 pixels of 5 numbers, expected 1 or 3 numbers for each: images, rows, columns, red green blue."
        );

    [Fact]
    public void Reads_labels() => Assert.Equal([3, 0, 254], Idx.ReadLabels(_folder.Save("labels", TinyIdx.File(0x801, [3], [3, 0, 254]))));

    [Fact]
    public void Refuses_a_missing_file() => AssertRefused(_folder["none"], "does not exist, expected an IDX file of images.");

    [Fact]
    public void Refuses_a_folder_in_place_of_a_file() => AssertRefused(_folder.Root, "cannot be read");

    [Fact]
    public void Refuses_labels_where_images_are_expected() =>
        AssertRefused(
            TinyIdx.File(0x801, [3], [1, 2, 3]),
            "is an IDX file of unsigned bytes in one dimension, expected an IDX file of images: unsigned bytes in 3 dimensions."
        );

    [Theory]
    [InlineData(
        "<!DOCTYPE html><html><body>404</body></html>",
        "is an HTML page, as servers send in place of a file that they do not have, expected"
    )]
    [InlineData("\n\r <HTML lang=en>", "is an HTML page")]
    [InlineData("\ufeff<html>", "is an HTML page")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "is an XML file")]
    [InlineData("{\"message\": \"Not Found\"}", "is JSON")]
    [InlineData("404: Not Found", "is text")]
    [InlineData("label,1x1,1x2\n5,0,0\n", "is text")]
    [InlineData(
        "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
        "is a Git LFS pointer and not the file that it stands for, which `git lfs pull` fetches"
    )]
    [InlineData("/annex/objects/MD5E-s9912422--f6.gz\n", "is a git-annex pointer")]
    public void Names_a_text_in_place_of_data(string text, string sentence)
    {
        AssertRefused(System.Text.Encoding.UTF8.GetBytes(text), sentence, "expected an IDX file of images");
        AssertRefused(
            TinyIdx.Gzip(System.Text.Encoding.UTF8.GetBytes(text)),
            "is a gzip file of " + sentence[3..],
            "expected an IDX file of images"
        );
    }

    [Theory]
    [InlineData("504b0304140000000800", "is a zip archive: it has to be unpacked")]
    [InlineData("377abcaf271c0004", "is a 7z archive")]
    [InlineData("fd377a585a000004", "is an xz file")]
    [InlineData("28b52ffd24", "is a zstd file")]
    [InlineData("425a6839314159", "is a bzip2 file")]
    [InlineData("89504e470d0a1a0a", "is a PNG picture")]
    [InlineData("ffd8ffe000104a46", "is a JPEG picture")]
    [InlineData("934e554d50590100", "is a NumPy array (.npy)")]
    [InlineData("5041523115041520", "is a Parquet table")]
    [InlineData("894844460d0a1a0a", "is an HDF5 file")]
    [InlineData(
        "00000c030000000200000002",
        "is an IDX file of 32-bit integers in 3 dimensions, expected an IDX file of images: unsigned bytes in 3 dimensions."
    )]
    [InlineData("00000d0300000002", "is an IDX file of 32-bit floats in 3 dimensions")]
    [InlineData("00000802000000020000000200000002", "is an IDX file of unsigned bytes in 2 dimensions")]
    [InlineData("0308000002000000", "is an IDX file of unsigned bytes in 3 dimensions, its bytes in reverse order")]
    [InlineData("deadbeef00", "starts with 0xdeadbeef and is nothing that is known here")]
    public void Names_another_file_in_place_of_data(string start, string sentence) => AssertRefused(Convert.FromHexString(start), sentence);

    [Fact]
    public void Names_what_was_packed_twice() =>
        AssertRefused(TinyIdx.Gzip(TinyIdx.Gzip(TwoImages)), "is a gzip file of a gzip file, expected an IDX file of images");

    [Fact]
    public void Names_a_tar_archive()
    {
        using var packed = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(packed, leaveOpen: true))
        {
            tar.WriteEntry(_folder.Save("data", TwoImages), "train-images-idx3-ubyte");
        }

        AssertRefused(packed.ToArray(), "is a tar archive: it has to be unpacked");
        AssertRefused(TinyIdx.Gzip(packed.ToArray()), "is a gzip file of a tar archive");
    }

    [Theory]
    [InlineData("", "is empty, expected an IDX file of images.")]
    [InlineData("1f8b080000000000000303000000000000000000", "is a gzip file of nothing, expected an IDX file of images.")]
    public void Names_an_empty_file(string bytes, string sentence) => AssertRefused(Convert.FromHexString(bytes), sentence);

    [Fact]
    public void Tells_a_download_that_ended_early_from_content_that_is_short()
    {
        var values = new byte[100_000];
        new Random(1).NextBytes(values);
        var packed = TinyIdx.Gzip(TinyIdx.File(0x803, [10, 100, 100], values));

        AssertRefused(packed[..60_000], "is a truncated gzip file: its download ended early, expected 100000 bytes after its header.");
        AssertRefused(TinyIdx.Gzip(TinyIdx.File(0x803, [10, 100, 100], values[..60_000])), "is truncated: 60000 bytes follow its header");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_a_truncated_file(bool gzip)
    {
        var bytes = TwoImages[..^1];
        AssertRefused(
            gzip ? TinyIdx.Gzip(bytes) : bytes,
            "is truncated: ",
            "11 bytes",
            "expected the 12 that 2 images of 2 x 3 pixels take."
        );
    }

    [Theory]
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
        AssertRefused(
            TinyIdx.File(0x803, [(uint)count, (uint)height, (uint)width], []),
            $"is empty: its header says {count} images of {height} x {width} pixels"
        );

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
        AssertRefused(bytes, "is a damaged gzip file, expected an IDX file of images.");
    }

    [Fact]
    public void Refuses_a_gzip_file_cut_in_the_middle()
    {
        var bytes = TinyIdx.Gzip(TwoImages);
        AssertRefused(bytes[..(bytes.Length / 2)], "is a truncated gzip file: its download ended early, expected ");
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
