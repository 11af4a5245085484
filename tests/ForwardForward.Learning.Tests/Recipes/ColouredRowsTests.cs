using System.Runtime.InteropServices;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class ColouredRowsTests
{
    private const int Height = 4;
    private const int Width = 6;
    private const int Classes = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_shift_moves_pixels_and_keeps_their_numbers_together(int channels)
    {
        var spec = Spec() with { Augmentation = new AugmentationSpec { Shift = 2 } };
        var images = Images(channels);
        var rows = new PictureRows(images, Classes, spec, haveLabels: false);
        for (var place = 0; place < 20; place++)
        {
            rows.Load(0, batch: 3, place);

            var random = new KeyedRandom(spec.Seed, RandomPurpose.Shift, place, 3);
            int down = random.NextInt32(5) - 2,
                right = random.NextInt32(5) - 2;
            var expected = new float[images.PixelsPerImage];
            for (var i = 0; i < expected.Length; i++)
            {
                var (y, x, channel) = ((i / channels / Width) - down, (i / channels % Width) - right, i % channels);
                expected[i] = y is >= 0 and < Height && x is >= 0 and < Width ? images.Pixels[(((y * Width) + x) * channels) + channel] : 0;
            }

            AssertInProportion(expected, Neutral(rows));
        }
    }

    [Fact]
    public void A_negative_picture_is_mixed_pixel_by_pixel_by_the_mask_of_a_grey_one()
    {
        var images = Images(3);
        var rows = new PictureRows(images, Classes, Spec(), haveLabels: false);
        var random = new KeyedRandom(1, RandomPurpose.HybridMask, 0, 5);
        var same = random;
        var mask = new HybridMask(Height, Width, 2).Next(ref same).ToArray();

        rows.Load(0, batch: 5, place: 0);
        rows.Mix(1, batch: 5, place: 1, new HybridPictures(2), ref random);

        var size = images.PixelsPerImage;
        AssertInProportion([.. Enumerable.Range(0, size).Select(i => (float)images.Pixels[mask[i / 3] ? i : size + i])], Neutral(rows));
        Assert.Equal(same.NextSingle(), random.NextSingle());
        Assert.Contains(true, mask);
        Assert.Contains(false, mask);
    }

    [Fact]
    public void A_label_takes_the_first_numbers()
    {
        var rows = new PictureRows(Images(3), Classes, Spec(), haveLabels: true);
        using var written = Activations.Rent(1, rows.Width, Precision.Fp32);
        rows.Load(0);
        rows.WriteLabelled(written, 0, label: 2);

        var row = MemoryMarshal.Cast<byte, float>(written.Bytes).ToArray();
        Assert.Equal(Height * Width * 3, row.Length);
        Assert.Equal([0f, 0f], row[..2]);
        Assert.True(row[2] > 0 && row[3] == 0);
        Assert.Equal(Images(3).Pixels[4] / 255f, row[4] / row[2], 1e-6f);
    }

    private static ExperimentSpec Spec() => new() { Precision = Precision.Fp32, Layers = [8, 8] };

    private static LabelledImages Images(int channels) =>
        new(2, Height, Width, [.. Enumerable.Range(0, 2 * Height * Width * channels).Select(i => (byte)(1 + (i * 37 % 250)))], [0, 1])
        {
            Channels = channels,
        };

    private static float[] Neutral(PictureRows rows)
    {
        using var written = Activations.Rent(1, rows.Width, Precision.Fp32);
        rows.WriteNeutral(written, 0);
        return MemoryMarshal.Cast<byte, float>(written.Bytes).ToArray();
    }

    // Rows are divided by their root mean square.
    private static void AssertInProportion(float[] expected, float[] row)
    {
        var scale = Math.Sqrt(expected.Sum(value => (double)value * value) / expected.Length);
        Assert.All(expected.Zip(row), pair => Assert.Equal(pair.First / scale, pair.Second, 1e-5));
    }
}
