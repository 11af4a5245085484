using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>
/// Changes brightness, contrast, saturation and hue of a share of the pictures, in an order that is drawn too, since each is cut to 0 to 1.
/// </summary>
internal sealed class ColourJitter(int seed, AugmentationSpec asked) : IAugmentation
{
    private const int Changes = 4;

    public void Apply(float[] pixels, long batch, int place)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Colour, place, batch);
        if (random.NextSingle() >= asked.ColourShare)
        {
            return;
        }

        foreach (var change in random.NextOrder(Changes))
        {
            // Each draws, whether it is asked for or not: what one of them does is then the same without the others.
            var drawn = (2 * random.NextSingle()) - 1;
            var factor = (float)(1 + (drawn * asked.Colour));
            switch (change)
            {
                case 0 when asked.Colour > 0:
                    Brighten(pixels, factor);
                    break;
                case 1 when asked.Colour > 0:
                    Contrast(pixels, factor);
                    break;
                case 2 when asked.Colour > 0:
                    Saturate(pixels, factor);
                    break;
                case 3 when asked.Hue > 0:
                    Hue.Turn(pixels, (float)(drawn * asked.Hue));
                    break;
            }
        }
    }

    /// <summary>0: black; 1: as it is.</summary>
    public static void Brighten(float[] pixels, float factor)
    {
        foreach (ref var pixel in pixels.AsSpan())
        {
            pixel = Cut(pixel * factor);
        }
    }

    /// <summary>0: one grey, the mean of the picture; 1: as it is.</summary>
    public static void Contrast(float[] pixels, float factor)
    {
        double sum = 0;
        for (var i = 0; i < pixels.Length; i += 3)
        {
            sum += Grey.Of(pixels.AsSpan(i, 3));
        }

        var rest = (1 - factor) * (float)(sum / (pixels.Length / 3));
        foreach (ref var pixel in pixels.AsSpan())
        {
            pixel = Cut(rest + (factor * pixel));
        }
    }

    /// <summary>0: grey; 1: as it is.</summary>
    public static void Saturate(float[] pixels, float factor)
    {
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var rest = (1 - factor) * Grey.Of(pixels.AsSpan(i, 3));
            foreach (ref var pixel in pixels.AsSpan(i, 3))
            {
                pixel = Cut(rest + (factor * pixel));
            }
        }
    }

    private static float Cut(float pixel) => Math.Clamp(pixel, 0, 1);
}
