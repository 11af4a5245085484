namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Red, green and blue of every pixel.</summary>
/// <param name="Pixels">Height x Width x 3, row-major, 0 (black) to 255.</param>
internal sealed record ColourPicture(int Width, int Height, byte[] Pixels)
{
    public const int Channels = 3;

    public bool IsGrey
    {
        get
        {
            for (var i = 0; i < Pixels.Length; i += Channels)
            {
                if (Pixels[i] != Pixels[i + 1] || Pixels[i] != Pixels[i + 2])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>For a sentence.</summary>
    public string Size => $"{Height} rows of {Width} pixels";

    /// <summary>How bright every pixel is in one colour.</summary>
    public GreyPicture Plane(int channel) =>
        new(Width, Height, [.. Enumerable.Range(0, Width * Height).Select(pixel => (float)Pixels[(pixel * Channels) + channel])]);
}
