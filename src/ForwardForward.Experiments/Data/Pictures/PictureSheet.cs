using SkiaSharp;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a network was shown, as a PNG: one picture as it is, several side by side in rows.</summary>
internal static class PictureSheet
{
    public const int MaxPictures = 1000;
    private const int MaxInARow = 20;
    private const int Between = 2;
    private const byte Line = 96;

    /// <param name="pictures">At least one; each side x side, row-major.</param>
    /// <param name="width">Pixels of a row of each.</param>
    /// <param name="height">Rows of each.</param>
    public static byte[] Png(IReadOnlyList<byte[]> pictures, int width, int height)
    {
        var columns = Math.Min(MaxInARow, pictures.Count);
        var rows = (pictures.Count + columns - 1) / columns;
        using var bitmap = new SKBitmap(
            new SKImageInfo(
                (columns * (width + Between)) - Between,
                (rows * (height + Between)) - Between,
                SKColorType.Gray8,
                SKAlphaType.Opaque
            )
        );
        var pixels = bitmap.GetPixelSpan();
        pixels.Fill(Line);
        for (var i = 0; i < pictures.Count; i++)
        {
            var (left, top) = (i % columns * (width + Between), i / columns * (height + Between));
            for (var y = 0; y < height; y++)
            {
                pictures[i].AsSpan(y * width, width).CopyTo(pixels[(((top + y) * bitmap.RowBytes) + left)..]);
            }
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }
}
