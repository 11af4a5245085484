namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>How bright every pixel is.</summary>
/// <param name="Pixels">Height x Width, row-major, 0 (black) to 255.</param>
internal sealed record GreyPicture(int Width, int Height, float[] Pixels)
{
    public int LongerSide => Math.Max(Width, Height);

    public GreyPicture Part(Box box)
    {
        var part = new float[box.Width * box.Height];
        for (var row = 0; row < box.Height; row++)
        {
            Pixels.AsSpan(((box.Top + row) * Width) + box.Left, box.Width).CopyTo(part.AsSpan(row * box.Width));
        }

        return new GreyPicture(box.Width, box.Height, part);
    }

    /// <summary>The pixels as they are, to the nearest whole number.</summary>
    public byte[] ToBytes() => Array.ConvertAll(Pixels, pixel => (byte)Math.Clamp(MathF.Round(pixel), 0, 255));
}
