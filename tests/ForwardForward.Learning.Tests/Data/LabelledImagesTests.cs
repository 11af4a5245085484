using ForwardForward.Learning.Data;

namespace ForwardForward.Learning.Tests.Data;

public sealed class LabelledImagesTests
{
    private static readonly byte[] TwoPictures = [.. Enumerable.Range(1, 36).Select(number => (byte)number)];

    [Fact]
    public void Images_are_grey_unless_somebody_says_otherwise()
    {
        var images = new LabelledImages(2, 2, 9, TwoPictures, [0, 1]);

        Assert.Equal((1, 18), (images.Channels, images.PixelsPerImage));
    }

    [Fact]
    public void A_part_of_coloured_images_is_whole_images()
    {
        var images = Coloured(2, 3);

        Assert.Equal(18, images.PixelsPerImage);
        Assert.Equal((3, 18), (images.Part(1, 1).Channels, images.Part(1, 1).PixelsPerImage));
        Assert.Equal(TwoPictures[18..], images.Part(1, 1).Pixels);
        Assert.Equal(TwoPictures[..18], images.First(1).Pixels);
    }

    [Fact]
    public void Turning_coloured_images_moves_pixels_and_not_their_channels()
    {
        var turned = Coloured(2, 3).Transposed();

        Assert.Equal((3, 2, 3), (turned.Height, turned.Width, turned.Channels));
        Assert.Equal([1, 2, 3, 10, 11, 12, 4, 5, 6, 13, 14, 15, 7, 8, 9, 16, 17, 18], turned.Pixels[..18]);
        Assert.Equal([19, 20, 21, 28, 29, 30], turned.Pixels[18..24]);
        Assert.Equal(TwoPictures, turned.Transposed().Pixels);
    }

    [Fact]
    public void Turning_moves_values_as_it_moves_pixels()
    {
        var values = Coloured(2, 3) with { Pixels = [], Values = Array.ConvertAll(TwoPictures, number => number / 255f) };

        Assert.Equal(Array.ConvertAll(Coloured(2, 3).Transposed().Pixels, number => number / 255f), values.Transposed().Values);
    }

    [Fact]
    public void Grey_images_have_the_digest_that_they_had_before_there_were_colours()
    {
        var images = new LabelledImages(2, 2, 9, TwoPictures, [0, 1]);

        Assert.Equal("b3f4fdd570e4863621ea976d15795ec9561b6afa45cb380ae1f258e02946bb98", DataDigest.Of(images, images.Part(0, 1)));
    }

    [Fact]
    public void The_same_bytes_in_another_shape_have_another_digest()
    {
        var digests = new[]
        {
            DataDigest.Of(new LabelledImages(2, 2, 9, TwoPictures, [0, 1])),
            DataDigest.Of(new LabelledImages(2, 2, 3, TwoPictures, [0, 1])),
            DataDigest.Of(Coloured(2, 3)),
            DataDigest.Of(Coloured(3, 2)),
            DataDigest.Of(new LabelledImages(2, 2, 3, TwoPictures, [0, 1]) { Channels = 2 }),
        };

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    private static LabelledImages Coloured(int height, int width) => new(2, height, width, TwoPictures, [0, 1]) { Channels = 3 };
}
