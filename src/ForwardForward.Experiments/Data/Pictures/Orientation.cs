using SkiaSharp;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Turns a picture as its EXIF orientation says that it was taken: phones store what the sensor saw, and how the phone was held.
/// </summary>
internal static class Orientation
{
    public static GreyPicture Upright(GreyPicture stored, SKEncodedOrigin origin)
    {
        var (lastColumn, lastRow) = (stored.Width - 1, stored.Height - 1);
        return origin switch
        {
            SKEncodedOrigin.TopRight => Moved(stored, swapped: false, (x, y) => (lastColumn - x, y)),
            SKEncodedOrigin.BottomRight => Moved(stored, swapped: false, (x, y) => (lastColumn - x, lastRow - y)),
            SKEncodedOrigin.BottomLeft => Moved(stored, swapped: false, (x, y) => (x, lastRow - y)),
            SKEncodedOrigin.LeftTop => Moved(stored, swapped: true, (x, y) => (y, x)),
            SKEncodedOrigin.RightTop => Moved(stored, swapped: true, (x, y) => (y, lastRow - x)),
            SKEncodedOrigin.RightBottom => Moved(stored, swapped: true, (x, y) => (lastColumn - y, lastRow - x)),
            SKEncodedOrigin.LeftBottom => Moved(stored, swapped: true, (x, y) => (lastColumn - y, x)),
            _ => stored,
        };
    }

    /// <param name="swapped">Whether rows become columns.</param>
    /// <param name="from">Where in the stored picture a pixel of the upright one is.</param>
    private static GreyPicture Moved(GreyPicture stored, bool swapped, Func<int, int, (int X, int Y)> from)
    {
        var (width, height) = swapped ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var pixels = new float[stored.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = from(i % width, i / width);
            pixels[i] = stored.Pixels[(y * stored.Width) + x];
        }

        return new GreyPicture(width, height, pixels);
    }
}
