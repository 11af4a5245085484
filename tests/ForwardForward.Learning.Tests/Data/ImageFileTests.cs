using System.Buffers.Binary;
using System.IO.Compression;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;
using SkiaSharp;

namespace ForwardForward.Learning.Tests.Data;

public sealed class ImageFileTests
{
    private static readonly PictureFrame Digits = new(28, FigurePlacement.Centred);
    private static readonly PictureFrame Clothes = new(28, FigurePlacement.Filling);

    [Theory]
    [InlineData(2480, 3508, SKEncodedImageFormat.Png)] // a page at 300 dpi
    [InlineData(2480, 3508, SKEncodedImageFormat.Jpeg)]
    [InlineData(6000, 6000, SKEncodedImageFormat.Png)]
    public void A_large_picture_that_packs_into_a_small_file_is_read_in_little_memory(int width, int height, SKEncodedImageFormat format)
    {
        var file = Drawn(width, height, format);
        var before = Environment.WorkingSet;

        var picture = ImageFile.Read(file, "page", Digits);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64 << 20);
        Assert.InRange(picture[(14 * 28) + 14], 200, 255);
        Assert.Equal(0, picture[0]);
    }

    [Fact]
    public void A_small_file_that_must_be_unpacked_at_once_into_a_huge_picture_is_refused_before_it_is()
    {
        var file = Png(6000, 6000, interlace: 1, new byte[1000]);

        var refused = Assert.Throws<InvalidInputException>(() => ImageFile.Read(file, "bomb", Digits));

        Assert.Equal($"bomb has 6000 x 6000 pixels in {file.Length} bytes, expected at most 10000000.", refused.Message);
    }

    [Fact]
    public void A_picture_of_more_pixels_than_a_phone_takes_is_refused()
    {
        var file = Png(20_000, 20_000, interlace: 0, new byte[1000]);

        var refused = Assert.Throws<InvalidInputException>(() => ImageFile.Read(file, "bomb", Digits));

        Assert.Equal($"bomb has 20000 x 20000 pixels in {file.Length} bytes, expected at most 50000000.", refused.Message);
    }

    [Theory]
    [InlineData(FigurePlacement.Centred)]
    [InlineData(FigurePlacement.Filling)]
    [InlineData(FigurePlacement.AsIs)]
    public void A_picture_of_the_networks_size_is_taken_as_it_is(FigurePlacement figures)
    {
        byte[] pixels = [.. Enumerable.Range(0, 784).Select(i => (byte)(i / 28 is > 3 and < 10 && i % 28 is > 8 and < 25 ? i % 251 : 0))];

        Assert.Equal(pixels, ImageFile.Read(PictureSheet.Png([pixels], 28, 28), "own", new PictureFrame(28, figures)));
        Assert.NotEqual(
            pixels,
            ImageFile.Read(PictureSheet.Png([pixels], 28, 28), "own", new PictureFrame(28, FigurePlacement.Centred, isAsked: true))
        );
    }

    [Fact]
    public void A_thing_on_white_fills_the_frame_in_its_shades()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(300, 200, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.White);
        bitmap.Erase(new SKColor(155, 155, 155), new SKRectI(50, 60, 190, 130));
        bitmap.Erase(new SKColor(55, 55, 55), new SKRectI(50, 60, 120, 130));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        var shown = ImageFile.Read(encoded.ToArray(), "shirt", Clothes);

        Assert.Equal((200, 100), (shown[(14 * 28) + 2], shown[(14 * 28) + 25])); // twice as wide as high: 28 by 14, in the middle
        Assert.Equal((200, 0), (shown[8 * 28], shown[5 * 28]));
    }

    [Fact]
    public void How_figures_lie_is_measured_where_the_data_set_is_not_known_by_its_name()
    {
        LabelledImages Pictures(int left, int top, int width, int height, byte ground = 0) =>
            new(
                3,
                28,
                28,
                [
                    .. Enumerable
                        .Range(0, 3 * 784)
                        .Select(i =>
                            i % 28 >= left && i % 28 < left + width && i % 784 / 28 >= top && i % 784 / 28 < top + height
                                ? (byte)200
                                : ground
                        ),
                ],
                new byte[3]
            );
        var unknown = new ExperimentSpec { Dataset = "/data/of-mine" };

        Assert.Equal(FigurePlacement.Centred, DataFigures.Measure(Pictures(9, 4, 10, 20)));
        Assert.Equal(FigurePlacement.Filling, DataFigures.Measure(Pictures(4, 0, 20, 28)));
        Assert.Equal(FigurePlacement.AsIs, DataFigures.Measure(Pictures(1, 2, 8, 8)));
        Assert.Equal(FigurePlacement.AsIs, DataFigures.Measure(Pictures(9, 4, 10, 20, ground: 255)));
        Assert.Equal(FigurePlacement.Filling, DataFigures.Of(DataFigures.Settled(unknown, FigurePlacement.Filling)));
        Assert.Equal(FigurePlacement.Centred, DataFigures.Of(DataFigures.Settled(unknown, null)));
        Assert.Equal(
            FigurePlacement.Filling,
            DataFigures.Of(DataFigures.Settled(new ExperimentSpec { Dataset = "fashion-mnist" }, FigurePlacement.Centred))
        );
        Assert.Equal(
            FigurePlacement.AsIs,
            DataFigures.Of(new ExperimentSpec { Images = new ImagesSpec { Figures = FigurePlacement.AsIs } })
        );
    }

    [Fact]
    public void Pictures_that_are_stored_transposed_are_turned_when_they_are_opened()
    {
        var stored = new LabelledImages(2, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [0, 1]);
        var data = DataSet.Of("folder", stored, stored).Limited(new ExperimentSpec { Images = new ImagesSpec { Transposed = true } });

        Assert.Equal((3, 2), (data.Train.Height, data.Test.Width));
        Assert.Equal([1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12], data.Train.Pixels);
    }

    private static byte[] Drawn(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8));
        using (var canvas = new SKCanvas(bitmap))
        using (var pen = new SKPaint { Color = SKColors.Black })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawRect(width / 4, height / 4, width / 4, height / 2, pen);
        }

        using var image = SKImage.FromBitmap(bitmap);
        return image.Encode(format, 50).ToArray();
    }

    /// <summary>A PNG in grey whose pixels may be anything.</summary>
    private static byte[] Png(int width, int height, byte interlace, byte[] pixels)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[12]) = (8, interlace);
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(pixels);
        }

        return
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1a,
            (byte)'\n',
            .. Chunk("IHDR"u8, header),
            .. Chunk("IDAT"u8, packed.ToArray()),
            .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] length = new byte[4],
            typed = [.. type, .. content],
            sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32(typed));
        return [.. length, .. typed, .. sum];
    }

    private static uint Crc32(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0xedb88320);
            }
        }

        return ~sum;
    }
}
