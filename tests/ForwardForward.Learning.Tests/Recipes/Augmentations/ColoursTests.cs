using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes.Augmentations;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Recipes.Augmentations;

/// <summary>What becomes of colours, against values that can be read off.</summary>
public sealed class ColoursTests
{
    private const float Tolerance = 1e-6f;

    [Fact]
    public void Brightness_is_a_factor_and_ends_at_white()
    {
        float[] pixels = [0, 0.25f, 0.8f];
        ColourJitter.Brighten(pixels, 1.5f);
        Assert.Equal([0, 0.375f, 1], pixels);
    }

    [Fact]
    public void Contrast_is_the_distance_from_the_mean_grey_of_the_picture()
    {
        float[] pixels = [0.2f, 0.2f, 0.2f, 0.6f, 0.6f, 0.6f];

        ColourJitter.Contrast(pixels, 0.5f);
        AssertNear([0.3f, 0.3f, 0.3f, 0.5f, 0.5f, 0.5f], pixels);

        ColourJitter.Contrast(pixels, 0);
        AssertNear([0.4f, 0.4f, 0.4f, 0.4f, 0.4f, 0.4f], pixels);
    }

    [Fact]
    public void Saturation_is_the_distance_of_each_pixel_from_its_own_grey()
    {
        float[] pixels = [1, 0, 0, 0.5f, 0.5f, 0.5f];

        ColourJitter.Saturate(pixels, 0.5f);
        AssertNear([0.6495f, 0.1495f, 0.1495f, 0.5f, 0.5f, 0.5f], pixels);

        ColourJitter.Saturate(pixels, 0);
        AssertNear([0.299f, 0.299f, 0.299f, 0.5f, 0.5f, 0.5f], pixels);
    }

    [Theory]
    [InlineData(1 / 3f, 0, 0.8f, 0.2f)]
    [InlineData(-1 / 3f, 0.2f, 0, 0.8f)]
    [InlineData(0.5f, 0, 0.6f, 0.8f)]
    [InlineData(0, 0.8f, 0.2f, 0)]
    public void Hue_turns_red_into_green_and_blue_and_keeps_the_brightest_and_the_darkest_number(
        float turns,
        float red,
        float green,
        float blue
    )
    {
        float[] pixels = [0.8f, 0.2f, 0, 0.3f, 0.3f, 0.3f];
        Hue.Turn(pixels, turns);
        AssertNear([red, green, blue, 0.3f, 0.3f, 0.3f], pixels);
    }

    [Fact]
    public void Hue_turned_there_and_back_is_as_it_was_for_every_colour()
    {
        var random = new KeyedRandom(1, RandomPurpose.Scene, 0, 0);
        float[] pixels = [.. Enumerable.Range(0, 300).Select(_ => random.NextSingle())];
        var turned = (float[])pixels.Clone();

        Hue.Turn(turned, 0.4f);
        Assert.True(pixels.Zip(turned).Count(pair => Math.Abs(pair.First - pair.Second) > 0.01) > 200);
        Hue.Turn(turned, -0.4f);

        AssertNear(pixels, turned);
    }

    [Fact]
    public void A_grey_picture_has_three_equal_numbers_a_pixel_and_others_are_as_they_were()
    {
        float[] picture = [1, 0.5f, 0, 0, 1, 0, 0.2f, 0.4f, 0.6f];
        var grey = 0;
        for (var place = 0; place < 200; place++)
        {
            var pixels = (float[])picture.Clone();
            new Grey(1, 0.2).Apply(pixels, 3, place);
            if (!pixels.SequenceEqual(picture))
            {
                grey++;
                Assert.All(
                    Enumerable.Range(0, 3),
                    i => Assert.Equal((pixels[3 * i], pixels[3 * i]), (pixels[(3 * i) + 1], pixels[(3 * i) + 2]))
                );
                Assert.Equal(0.5925f, pixels[0], Tolerance);
            }
        }

        Assert.InRange(grey, 25, 55);
    }

    [Fact]
    public void Colours_of_a_share_of_the_pictures_change_within_bounds()
    {
        float[] picture = [0.5f, 0.5f, 0.5f];
        var changed = 0;
        for (var place = 0; place < 300; place++)
        {
            var pixels = (float[])picture.Clone();
            new ColourJitter(1, new AugmentationSpec { Colour = 0.2, ColourShare = 0.8 }).Apply(pixels, 3, place);
            changed += pixels[0] == 0.5f ? 0 : 1;
            Assert.InRange(pixels[0], 0.4f, 0.6f); // of one grey, brightness alone changes it
        }

        Assert.InRange(changed, 220, 260);
    }

    private static void AssertNear(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
}
