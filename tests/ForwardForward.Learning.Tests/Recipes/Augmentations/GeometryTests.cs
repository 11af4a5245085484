using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes.Augmentations;

namespace ForwardForward.Learning.Tests.Recipes.Augmentations;

/// <summary>Where pixels go, against values that can be read off.</summary>
public sealed class GeometryTests
{
    private static readonly PictureShape Shape = new(5, 5, 3);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_mirrored_picture_has_its_rows_backwards_and_mirrored_twice_is_as_it_was(int channels)
    {
        var shape = new PictureShape(3, 4, channels);
        var picture = Picture(shape);
        var mirrored = (float[])picture.Clone();

        Flip.Mirror(mirrored, shape);

        for (var i = 0; i < mirrored.Length; i++)
        {
            var (y, x, channel) = (i / channels / 4, i / channels % 4, i % channels);
            Assert.Equal(picture[(((y * 4) + 3 - x) * channels) + channel], mirrored[i]);
        }

        Flip.Mirror(mirrored, shape);
        Assert.Equal(picture, mirrored);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(90, 4, 0)]
    [InlineData(180, 4, 4)]
    [InlineData(-90, 0, 4)]
    [InlineData(-180, 4, 4)]
    public void Quarter_turns_against_the_clock_move_the_upper_left_corner_exactly_to_the_next(double angle, int y, int x)
    {
        var (from, to) = (new float[Shape.Size], new float[Shape.Size]);
        float[] corner = [0.25f, 0.5f, 1];
        corner.CopyTo(from, 0);

        Turn.Resample(from, to, Shape, angle, size: 1);

        var expected = new float[Shape.Size];
        corner.CopyTo(expected, ((y * 5) + x) * 3);
        Assert.Equal(expected, to);
    }

    [Fact]
    public void Turned_by_no_angle_and_of_its_own_size_a_picture_is_as_it_was()
    {
        var (from, to) = (Picture(Shape), new float[Shape.Size]);
        Turn.Resample(from, to, Shape, 0, 1);
        Assert.Equal(from, to);
    }

    [Fact]
    public void Twice_as_large_a_picture_shows_its_middle_and_half_as_large_black_around_it()
    {
        var shape = new PictureShape(5, 5, 1);
        float[] from = [.. Enumerable.Range(1, 25).Select(i => (float)i)],
            to = new float[25];

        Turn.Resample(from, to, shape, 0, size: 2);
        Assert.Equal([7f, 7.5f, 8f, 8.5f, 9f], to[..5]);
        Assert.Equal([9.5f, 10f, 10.5f, 11f, 11.5f], to[5..10]);

        Turn.Resample(from, to, shape, 0, size: 0.5);
        Assert.Equal([0f, 0f, 0f, 0f, 0f, 0f, 1f, 3f, 5f, 0f, 0f, 11f, 13f, 15f, 0f], to[..15]);
    }

    [Fact]
    public void An_eighth_of_a_turn_mixes_neighbours_by_how_near_they_are()
    {
        var shape = new PictureShape(3, 3, 1);
        float[] from = [0, 0, 0, 0, 0, 1, 0, 0, 0],
            to = new float[9]; // right of the middle

        Turn.Resample(from, to, shape, 45, size: 1);

        // The pixel above the middle comes from 0.707 to the right of the middle, and 0.707 above it.
        var (near, far) = (Math.Sqrt(0.5), 1 - Math.Sqrt(0.5));
        Assert.Equal(near * far, to[1], 1e-6);
        Assert.Equal(near * far, to[5], 1e-6);
        Assert.Equal(1 - (Math.Sqrt(2) - 1), to[2], 1e-6); // the corner, from 1.414 to the right
        Assert.Equal(0, to[4]);
    }

    [Fact]
    public void A_part_is_shown_as_large_as_the_whole_and_of_its_own_pixels_alone()
    {
        var shape = new PictureShape(4, 4, 1);
        float[] from = [.. Enumerable.Range(0, 16).Select(i => (float)i)],
            to = new float[16];

        Crop.Resample(from, to, shape, new(1, 2, 2, 2)); // 6 7, 10 11

        Assert.Equal([6f, 6.25f, 6.75f, 7f], to[..4]);
        Assert.Equal([7f, 7.25f, 7.75f, 8f], to[4..8]);
        Assert.Equal([10f, 10.25f, 10.75f, 11f], to[12..]);
    }

    [Fact]
    public void The_whole_as_a_part_is_as_it_was()
    {
        var (from, to) = (Picture(Shape), new float[Shape.Size]);
        Crop.Resample(from, to, Shape, new(0, 0, 5, 5));
        Assert.Equal(from, to);
    }

    [Fact]
    public void Parts_lie_within_the_picture_and_have_area_and_shape_that_were_asked_for()
    {
        var (shape, most) = (new PictureShape(40, 40, 1), 0.0);
        var windows = new List<Crop.Window>();
        for (var place = 0; place < 500; place++)
        {
            var random = new KeyedRandom(1, RandomPurpose.Crop, place, 7);
            var window = Crop.Draw(shape, 0.4, ref random);
            windows.Add(window);
            Assert.True(window.Top >= 0 && window.Left >= 0 && window.Top + window.Height <= 40 && window.Left + window.Width <= 40);
            Assert.InRange(window.Height * window.Width / 1600.0, 0.38, 1);
            Assert.InRange((double)window.Width / window.Height, 0.72, 1.39); // sides are rounded
            most = Math.Max(most, window.Height * window.Width / 1600.0);
        }

        Assert.True(most > 0.9 && windows.Count(window => window.Width > window.Height) is > 150 and < 350);
        Assert.True(windows.Select(window => window.Top).Distinct().Count() > 10);
    }

    private static float[] Picture(PictureShape shape) => [.. Enumerable.Range(0, shape.Size).Select(i => (i * 37 % 100) / 100f)];
}
