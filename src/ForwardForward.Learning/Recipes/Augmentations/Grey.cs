using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Recipes.Augmentations;

/// <summary>Takes the colours out of a share of the pictures.</summary>
internal sealed class Grey(int seed, double share) : IAugmentation
{
    public void Apply(float[] pixels, long batch, int place)
    {
        if (new KeyedRandom(seed, RandomPurpose.Grey, place, batch).NextSingle() >= share)
        {
            return;
        }

        for (var i = 0; i < pixels.Length; i += 3)
        {
            pixels.AsSpan(i, 3).Fill(Of(pixels.AsSpan(i, 3)));
        }
    }

    /// <summary>How bright a pixel of red, green and blue looks (ITU-R BT.601).</summary>
    public static float Of(ReadOnlySpan<float> pixel) => (0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2]);
}
