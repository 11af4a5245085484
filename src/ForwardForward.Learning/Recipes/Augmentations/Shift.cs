using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>Moves a picture by whole pixels; what comes in is black.</summary>
/// <param name="most">Pixels, along either side.</param>
internal sealed class Shift(int seed, PictureShape shape, int most) : IAugmentation
{
    private readonly float[] _before = new float[shape.Size];

    public void Apply(float[] pixels, long batch, int place)
    {
        var random = new KeyedRandom(seed, RandomPurpose.Shift, place, batch);
        int down = random.NextInt32((2 * most) + 1) - most,
            right = random.NextInt32((2 * most) + 1) - most;
        var stride = shape.Width * shape.Channels;
        var kept = Math.Max(0, shape.Width - Math.Abs(right)) * shape.Channels;
        pixels.CopyTo(_before, 0);
        Array.Clear(pixels);
        for (var y = Math.Max(0, down); y < Math.Min(shape.Height, shape.Height + down); y++)
        {
            var from = ((y - down) * stride) + (Math.Max(0, -right) * shape.Channels);
            _before.AsSpan(from, kept).CopyTo(pixels.AsSpan((y * stride) + (Math.Max(0, right) * shape.Channels)));
        }
    }
}
