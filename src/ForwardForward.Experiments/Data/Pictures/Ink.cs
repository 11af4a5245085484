namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// By how much every pixel is darker than the paper, or brighter than the board, where the light falls as it does on most of the picture.
/// </summary>
/// <param name="Strength">Height x Width, in grey levels; below 0 where it is the other way.</param>
/// <param name="Clear">The same without most of the noise, to tell by where ink is.</param>
/// <param name="Noise">Standard deviation of what is clear where there is no ink.</param>
internal sealed record Ink(int Width, int Height, float[] Strength, float[] Clear, float Noise)
{
    private const float Faint = 10;
    private const float Deviations = 4.5f;
    private const float LittleNoise = 3;
    private const float MuchNoise = 10;
    private const float DarkestLight = 8;
    private const float Once = 3;
    private const float Twice = 4.5f;
    private const int SmallestSmoothed = 50;
    private const int SmallestSmoothedTwice = 160;

    /// <summary>What is less than this may be noise.</summary>
    public float Least => Math.Max(Faint, Deviations * Noise);

    public static Ink On(Paper paper, GreyPicture picture, bool isDark)
    {
        var strength = new float[picture.Pixels.Length];
        for (var i = 0; i < strength.Length; i++)
        {
            var darker = paper.Light[i] - picture.Pixels[i];
            strength[i] = (isDark ? darker : -darker) * (paper.Median + DarkestLight) / (paper.Light[i] + DarkestLight);
        }

        var passes =
            (paper.Noise > LittleNoise && picture.LongerSide >= SmallestSmoothed ? 1 : 0)
            + (paper.Noise > MuchNoise && picture.LongerSide >= SmallestSmoothedTwice ? 1 : 0);
        var clear = strength;
        for (var pass = 0; pass < passes; pass++)
        {
            clear = Smoothed(clear, picture.Width, picture.Height);
        }

        return new Ink(
            picture.Width,
            picture.Height,
            strength,
            clear,
            paper.Noise
                / (
                    passes == 0 ? 1
                    : passes == 1 ? Once
                    : Twice
                )
        );
    }

    // The mean of three by three pixels.
    private static float[] Smoothed(float[] values, int width, int height)
    {
        var across = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var x = i % width;
            across[i] = (values[x > 0 ? i - 1 : i] + values[i] + values[x < width - 1 ? i + 1 : i]) / 3;
        }

        var smoothed = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            smoothed[i] = (across[i >= width ? i - width : i] + across[i] + across[i < values.Length - width ? i + width : i]) / 3;
        }

        return smoothed;
    }
}
