using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Negatives;

/// <summary>
/// Masks with large regions of on and off, for negatives whose short-range statistics are those of real images and whose shapes are not
/// (Hinton 2022, section 3.2): random bits, blurred with [1/4 1/2 1/4] in both directions several times, cut at one half.
/// </summary>
internal sealed class HybridMask(int height, int width, int blurs)
{
    private readonly float[] _values = new float[height * width];
    private readonly float[] _line = new float[Math.Max(height, width)];
    private readonly bool[] _mask = new bool[height * width];

    /// <returns>Height x width, row-major; valid until the next call.</returns>
    public ReadOnlySpan<bool> Next(ref KeyedRandom random)
    {
        foreach (ref var value in _values.AsSpan())
        {
            value = random.NextSingle() < 0.5f ? 0 : 1;
        }

        for (var blur = 0; blur < blurs; blur++)
        {
            BlurAll();
        }

        for (var i = 0; i < _mask.Length; i++)
        {
            _mask[i] = _values[i] > 0.5f;
        }

        return _mask;
    }

    private void BlurAll()
    {
        for (var y = 0; y < height; y++)
        {
            Blur(y * width, 1, width);
        }

        for (var x = 0; x < width; x++)
        {
            Blur(x, width, height);
        }
    }

    // What lies beyond the border is as the border is.
    private void Blur(int first, int step, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _line[i] = _values[first + (i * step)];
        }

        for (var i = 0; i < count; i++)
        {
            _values[first + (i * step)] =
                (0.25f * _line[Math.Max(i - 1, 0)]) + (0.5f * _line[i]) + (0.25f * _line[Math.Min(i + 1, count - 1)]);
        }
    }
}
