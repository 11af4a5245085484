using SkiaSharp;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a network was shown, as a PNG: one picture as it is, several side by side in rows.</summary>
internal static class PictureSheet
{
    public const int MaxPictures = 1000;
    private const int MaxInARow = 20;
    private const int Between = 2;
    private const byte Line = 96;

    /// <param name="pictures">At least one; each height x width x channels, row-major.</param>
    /// <param name="width">Pixels of a row of each.</param>
    /// <param name="height">Rows of each.</param>
    /// <param name="channels">1 or 3 numbers of a pixel.</param>
    public static byte[] Png(IReadOnlyList<byte[]> pictures, int width, int height, int channels = 1)
    {
        var isGrey = channels == 1;
        var columns = Math.Min(MaxInARow, pictures.Count);
        var rows = (pictures.Count + columns - 1) / columns;
        using var bitmap = new SKBitmap(
            new SKImageInfo(
                (columns * (width + Between)) - Between,
                (rows * (height + Between)) - Between,
                isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888,
                SKAlphaType.Opaque
            )
        );
        var pixels = bitmap.GetPixelSpan();
        var size = bitmap.BytesPerPixel;
        pixels.Fill(Line);
        for (var i = 0; i < pictures.Count; i++)
        {
            var (left, top) = (i % columns * (width + Between), i / columns * (height + Between));
            for (var y = 0; y < height; y++)
            {
                var line = pixels[(((top + y) * bitmap.RowBytes) + (left * size))..];
                if (isGrey)
                {
                    pictures[i].AsSpan(y * width, width).CopyTo(line);
                }
                else
                {
                    Colour(pictures[i].AsSpan(y * width * channels, width * channels), line);
                }
            }
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }

    private static void Colour(ReadOnlySpan<byte> row, Span<byte> line)
    {
        const int Covered = ColourPicture.Channels + 1;
        for (var x = 0; x < row.Length / ColourPicture.Channels; x++)
        {
            row.Slice(x * ColourPicture.Channels, ColourPicture.Channels).CopyTo(line[(x * Covered)..]);
            line[(x * Covered) + ColourPicture.Channels] = byte.MaxValue;
        }
    }
}
