using ForwardForward.Learning.Data;
using SkiaSharp;

namespace ForwardForward.Learning.Tests.Data;

public sealed class PictureTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void A_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_is_unpacked(SKEncodedImageFormat format)
    {
        var file = Drawn(6000, 6000, format);
        var before = Environment.WorkingSet;

        var refused = Assert.Throws<InvalidInputException>(() => Picture.Read(file, "bomb", side: 28));

        Assert.StartsWith($"bomb has 6000 x 6000 pixels in {file.Length} bytes, expected at most ", refused.Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public void A_figure_is_centred_whatever_the_size_of_its_picture()
    {
        var picture = Picture.Read(Drawn(1500, 1000, SKEncodedImageFormat.Png), "figure", side: 28);

        Assert.InRange(picture[(14 * 28) + 14], 200, 255);
        Assert.Equal(0, picture[0]);
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
}
