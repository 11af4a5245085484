using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>Mirrors a share of the pictures left to right.</summary>
internal sealed class Flip(int seed, PictureShape shape, double share) : IAugmentation
{
    public void Apply(float[] pixels, long batch, int place)
    {
        if (new KeyedRandom(seed, RandomPurpose.Flip, place, batch).NextSingle() < share)
        {
            Mirror(pixels, shape);
        }
    }

    /// <summary>Left becomes right; the numbers of a pixel stay in their order.</summary>
    public static void Mirror(float[] pixels, PictureShape shape)
    {
        var (stride, channels) = (shape.Width * shape.Channels, shape.Channels);
        for (var y = 0; y < shape.Height; y++)
        {
            var row = pixels.AsSpan(y * stride, stride);
            row.Reverse();
            for (var x = 0; x < stride && channels > 1; x += channels)
            {
                row.Slice(x, channels).Reverse();
            }
        }
    }
}
