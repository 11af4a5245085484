using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Negatives;

/// <summary>A negative row is a picture that is made of real ones; no picture has a label (Hinton 2022, section 3.2).</summary>
public interface INegativePictures : INegatives
{
    /// <summary>Makes a negative picture. Of a coloured one each channel is asked for in turn, with the same draws.</summary>
    /// <param name="picture">Of the positive row, height x width, row-major, 0 to 1; of a coloured one a channel.</param>
    /// <param name="other">Another picture of the batch, likewise.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="random">A stream that seed and batch fix; the pictures of a batch draw from it in order.</param>
    /// <param name="negative">Takes the picture.</param>
    void Draw(ReadOnlySpan<float> picture, ReadOnlySpan<float> other, int width, ref KeyedRandom random, Span<float> negative);
}

/// <summary>Two pictures mixed by a mask with large regions.</summary>
internal sealed class HybridPictures(int blurs) : INegativePictures
{
    private HybridMask? _mask;

    public void Draw(ReadOnlySpan<float> picture, ReadOnlySpan<float> other, int width, ref KeyedRandom random, Span<float> negative)
    {
        _mask ??= new HybridMask(picture.Length / width, width, blurs);
        var mask = _mask.Next(ref random);
        for (var i = 0; i < mask.Length; i++)
        {
            negative[i] = mask[i] ? picture[i] : other[i];
        }
    }
}
