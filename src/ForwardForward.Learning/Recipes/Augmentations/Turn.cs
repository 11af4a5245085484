using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>
/// Turns a picture about its centre and makes it larger or smaller, in one resampling: two would blur it twice. What comes in is black.
/// </summary>
/// <param name="degrees">Most, either way.</param>
/// <param name="zoom">Most that the size differs from 1.</param>
internal sealed class Turn(int seed, PictureShape shape, double degrees, double zoom) : IAugmentation
{
    private readonly float[] _before = new float[shape.Size];

    public void Apply(float[] pixels, long batch, int place)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Turn, place, batch);
        double angle = ((2 * random.NextSingle()) - 1) * degrees,
            size = 1 + (((2 * random.NextSingle()) - 1) * zoom);
        pixels.CopyTo(_before, 0);
        Resample(_before, pixels, shape, angle, size);
    }

    /// <summary>Asks of each pixel where in the picture it comes from, and mixes the four that lie around that point.</summary>
    /// <param name="angle">Degrees, against the clock.</param>
    public static void Resample(float[] from, float[] to, PictureShape shape, double angle, double size)
    {
        var (sine, cosine) = Series.SineAndCosine(angle);
        double across = cosine / size,
            along = sine / size,
            middle = (shape.Width - 1) / 2.0,
            centre = (shape.Height - 1) / 2.0;
        for (var y = 0; y < shape.Height; y++)
        {
            double left = middle - ((y - centre) * along),
                top = centre + ((y - centre) * across);
            for (var x = 0; x < shape.Width; x++)
            {
                Mix(
                    from,
                    shape,
                    top + ((x - middle) * along),
                    left + ((x - middle) * across),
                    to,
                    ((y * shape.Width) + x) * shape.Channels
                );
            }
        }
    }

    private static void Mix(float[] from, PictureShape shape, double y, double x, float[] to, int at)
    {
        int above = (int)Math.Floor(y),
            before = (int)Math.Floor(x);
        float down = (float)(y - above),
            right = (float)(x - before);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            float upper =
                    ((1 - right) * Pixel(from, shape, above, before, channel)) + (right * Pixel(from, shape, above, before + 1, channel)),
                lower =
                    ((1 - right) * Pixel(from, shape, above + 1, before, channel))
                    + (right * Pixel(from, shape, above + 1, before + 1, channel));
            to[at + channel] = ((1 - down) * upper) + (down * lower);
        }
    }

    private static float Pixel(float[] from, PictureShape shape, int y, int x, int channel) =>
        (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width ? from[(((y * shape.Width) + x) * shape.Channels) + channel] : 0;
}
