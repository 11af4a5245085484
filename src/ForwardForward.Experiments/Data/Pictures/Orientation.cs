using SkiaSharp;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Turns a picture as its EXIF orientation says that it was taken: phones store what the sensor saw, and how the phone was held.
/// </summary>
internal static class Orientation
{
    public static GreyPicture Upright(GreyPicture stored, SKCodec codec)
    {
        var (width, height, pixels) = Upright(stored.Width, stored.Height, stored.Pixels, 1, codec.EncodedOrigin);
        return new GreyPicture(width, height, pixels);
    }

    public static ColourPicture Upright(ColourPicture stored, SKCodec codec)
    {
        var (width, height, pixels) = Upright(stored.Width, stored.Height, stored.Pixels, ColourPicture.Channels, codec.EncodedOrigin);
        return new ColourPicture(width, height, pixels);
    }

    private static (int Width, int Height, T[] Pixels) Upright<T>(int width, int height, T[] stored, int channels, SKEncodedOrigin origin)
    {
        var (lastColumn, lastRow) = (width - 1, height - 1);
        return origin switch
        {
            SKEncodedOrigin.TopRight => Moved(swapped: false, (x, y) => (lastColumn - x, y)),
            SKEncodedOrigin.BottomRight => Moved(swapped: false, (x, y) => (lastColumn - x, lastRow - y)),
            SKEncodedOrigin.BottomLeft => Moved(swapped: false, (x, y) => (x, lastRow - y)),
            SKEncodedOrigin.LeftTop => Moved(swapped: true, (x, y) => (y, x)),
            SKEncodedOrigin.RightTop => Moved(swapped: true, (x, y) => (y, lastRow - x)),
            SKEncodedOrigin.RightBottom => Moved(swapped: true, (x, y) => (lastColumn - y, lastRow - x)),
            SKEncodedOrigin.LeftBottom => Moved(swapped: true, (x, y) => (lastColumn - y, x)),
            _ => (width, height, stored),
        };

        // swapped: rows become columns; from: where in the stored picture a pixel of the upright one is
        (int, int, T[]) Moved(bool swapped, Func<int, int, (int X, int Y)> from)
        {
            var (columns, rows) = swapped ? (height, width) : (width, height);
            var pixels = new T[stored.Length];
            for (var i = 0; i < columns * rows; i++)
            {
                var (x, y) = from(i % columns, i / columns);
                stored.AsSpan(((y * width) + x) * channels, channels).CopyTo(pixels.AsSpan(i * channels));
            }

            return (columns, rows, pixels);
        }
    }
}
