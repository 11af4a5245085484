using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>
/// Shows a part of a picture as large as all of it was: of an area between the least share and all, from 3 by 4 to 4 by 3 in shape (Szegedy
/// et al. 2015).
/// </summary>
/// <param name="least">Share of the area.</param>
internal sealed class Crop(int seed, PictureShape shape, double least) : IAugmentation
{
    private const int Tries = 10;
    private const double LogarithmOfWidest = 0.28768207245178093; // of 4/3
    private readonly float[] _before = new float[shape.Size];

    public void Apply(float[] pixels, long batch, int place)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Crop, place, batch);
        var window = Draw(shape, least, ref random);
        pixels.CopyTo(_before, 0);
        Resample(_before, pixels, shape, window);
    }

    /// <summary>
    /// Wide shapes are as likely as high ones; one that does not fit is drawn again, and in the end the whole picture is shown.
    /// </summary>
    public static Window Draw(PictureShape shape, double least, ref KeyedRandom random)
    {
        for (var i = 0; i < Tries; i++)
        {
            double area = (least + (random.NextSingle() * (1 - least))) * shape.Points,
                aspect = Series.Exponential(((2 * random.NextSingle()) - 1) * LogarithmOfWidest);
            int width = (int)Math.Round(Math.Sqrt(area * aspect)),
                height = (int)Math.Round(Math.Sqrt(area / aspect));
            if (width > 0 && width <= shape.Width && height > 0 && height <= shape.Height)
            {
                return new(random.NextInt32(shape.Height - height + 1), random.NextInt32(shape.Width - width + 1), height, width);
            }
        }

        return new(0, 0, shape.Height, shape.Width);
    }

    /// <summary>Makes a window as large as the picture; pixels at its edges are mixed of those within it alone.</summary>
    public static void Resample(float[] from, float[] to, PictureShape shape, Window window)
    {
        for (var y = 0; y < shape.Height; y++)
        {
            var (above, below, down) = Between(y, window.Height, shape.Height);
            int upper = (window.Top + above) * shape.Width,
                lower = (window.Top + below) * shape.Width;
            for (var x = 0; x < shape.Width; x++)
            {
                var (before, after, right) = Between(x, window.Width, shape.Width);
                (before, after) = (window.Left + before, window.Left + after);
                for (var channel = 0; channel < shape.Channels; channel++)
                {
                    float high = Mixed(from[At(upper + before, channel)], from[At(upper + after, channel)], right),
                        low = Mixed(from[At(lower + before, channel)], from[At(lower + after, channel)], right);
                    to[At((y * shape.Width) + x, channel)] = Mixed(high, low, down);
                }
            }
        }

        int At(int point, int channel) => (point * shape.Channels) + channel;
    }

    private static float Mixed(float one, float other, float share) => ((1 - share) * one) + (share * other);

    // A pixel is a square: the middles of the first and the last lie half a pixel within the edges.
    private static (int Before, int After, float Share) Between(int place, int window, int whole)
    {
        var at = Math.Clamp(((place + 0.5) * window / whole) - 0.5, 0, window - 1);
        var before = (int)at;
        return (before, Math.Min(before + 1, window - 1), (float)(at - before));
    }

    /// <summary>A part of a picture.</summary>
    internal readonly record struct Window(int Top, int Left, int Height, int Width);
}
