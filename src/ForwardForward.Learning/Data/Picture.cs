using SkiaSharp;

namespace ForwardForward.Learning.Data;

/// <summary>An image file as the pictures of MNIST were made: bright on dark, scaled into 20 of 28 pixels without changing its proportions, its centre of mass in the middle.</summary>
public static class Picture
{
    private const int MostPixels = 40_000_000, MostBytes = 32 << 20;

    // A picture of nothing packs into a thousandth of what it takes in memory. One of more pixels than this must be as large a file as a scan or a photograph of them is.
    private const int PixelsOfAnyFile = 4_000_000, PixelsPerByte = 40;
    private const int Faint = 32; // of 255: what is darker is background
    private const double Inner = 20.0 / 28;

    /// <param name="side">Pixels of a row and rows of what the network takes.</param>
    /// <returns>Side x side pixels, row-major.</returns>
    /// <exception cref="InvalidInputException">The file is no PNG or JPEG, is too large, or shows nothing.</exception>
    public static byte[] Read(string path, int side)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            return bytes > MostBytes ? throw new InvalidInputException($"{path} has {bytes} bytes, expected at most {MostBytes}.") : Read(File.ReadAllBytes(path), path, side);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(e is FileNotFoundException or DirectoryNotFoundException ? $"{path} does not exist, expected an image." : $"{path} cannot be read ({e.Message.TrimEnd('.')}), expected an image.", e);
        }
    }

    /// <param name="file">A PNG or JPEG.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="side">Pixels of a row and rows of what the network takes.</param>
    /// <param name="mostPixels">Of the picture as it comes.</param>
    /// <returns>Side x side pixels, row-major.</returns>
    /// <exception cref="InvalidInputException">It is no PNG or JPEG, is too large, or shows nothing.</exception>
    public static byte[] Read(byte[] file, string name, int side, int mostPixels = MostPixels)
    {
        using var grey = Decode(file, name, mostPixels);
        var pixels = BrightOnDark(grey);
        var box = Box(pixels, grey.Width) ?? throw new InvalidInputException($"{name} shows nothing, expected a figure that is brighter or darker than its background.");
        return Centred(Scaled(pixels, grey.Width, box, side), side);
    }

    private static SKBitmap Decode(byte[] file, string name, int mostPixels)
    {
        if (file.Length == 0)
        {
            throw new InvalidInputException($"{name} is empty, expected a PNG, a JPEG or an IDX file of images.");
        }

        using var codec = SKCodec.Create(new SKMemoryStream(file));
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg })
        {
            throw new InvalidInputException($"{name} is no picture, expected a PNG, a JPEG or an IDX file of images.");
        }

        var most = Math.Min(mostPixels, Math.Max(PixelsOfAnyFile, (long)PixelsPerByte * file.Length));
        if ((long)codec.Info.Width * codec.Info.Height > most)
        {
            throw new InvalidInputException($"{name} has {codec.Info.Width} x {codec.Info.Height} pixels in {file.Length} bytes, expected at most {most}.");
        }

        return OnWhite(codec) ?? throw new InvalidInputException($"{name} is damaged or truncated, expected a whole PNG or JPEG.");
    }

    // What is transparent is paper.
    private static SKBitmap? OnWhite(SKCodec codec)
    {
        using var colour = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(colour.Info, colour.GetPixels()) != SKCodecResult.Success)
        {
            return null;
        }

        var grey = new SKBitmap(new SKImageInfo(colour.Width, colour.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(grey);
        canvas.Clear(SKColors.White);
        canvas.DrawBitmap(colour, 0, 0, SKSamplingOptions.Default);
        return grey;
    }

    private static byte[] BrightOnDark(SKBitmap grey)
    {
        var (width, height) = (grey.Width, grey.Height);
        var pixels = new byte[width * height];
        for (var row = 0; row < height; row++)
        {
            grey.GetPixelSpan().Slice(row * grey.RowBytes, width).CopyTo(pixels.AsSpan(row * width));
        }

        long border = 0;
        for (var column = 0; column < width; column++)
        {
            border += pixels[column] + pixels[((height - 1) * width) + column];
        }

        for (var row = 0; row < height; row++)
        {
            border += pixels[row * width] + pixels[(row * width) + width - 1];
        }

        return border / (2 * (width + height)) < 128 ? pixels : Array.ConvertAll(pixels, pixel => (byte)(255 - pixel));
    }

    private static SKRectI? Box(byte[] pixels, int width)
    {
        var box = new SKRectI(int.MaxValue, int.MaxValue, 0, 0);
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] >= Faint)
            {
                var (row, column) = (i / width, i % width);
                box = new SKRectI(Math.Min(box.Left, column), Math.Min(box.Top, row), Math.Max(box.Right, column + 1), Math.Max(box.Bottom, row + 1));
            }
        }

        return box.Right == 0 ? null : box;
    }

    // In the middle of the frame, by the middle of its box. The mean of the covered area, as MNIST's makers took it, also for large scales.
    private static double[] Scaled(byte[] pixels, int width, SKRectI box, int side)
    {
        var scale = side * Inner / Math.Max(box.Width, box.Height);
        var (left, top) = ((side - (box.Width * scale)) / 2, (side - (box.Height * scale)) / 2);
        var picture = new double[side * side];
        for (var row = box.Top; row < box.Bottom; row++)
        {
            for (var column = box.Left; column < box.Right; column++)
            {
                if (pixels[(row * width) + column] is > 0 and var pixel)
                {
                    Spread(picture, side, left + ((column - box.Left) * scale), top + ((row - box.Top) * scale), scale, pixel);
                }
            }
        }

        return picture;
    }

    // A pixel of the file covers a square of the picture; each pixel there takes its share.
    private static void Spread(double[] picture, int side, double x, double y, double size, double value)
    {
        for (var row = (int)y; row < Math.Min(side, y + size); row++)
        {
            var high = Math.Min(row + 1, y + size) - Math.Max(row, y);
            for (var column = (int)x; column < Math.Min(side, x + size); column++)
            {
                picture[(row * side) + column] += value * high * (Math.Min(column + 1, x + size) - Math.Max(column, x));
            }
        }
    }

    private static byte[] Centred(double[] picture, int side)
    {
        double mass = 0, rows = 0, columns = 0;
        for (var i = 0; i < picture.Length; i++)
        {
            (mass, rows, columns) = (mass + picture[i], rows + (picture[i] * (i / side)), columns + (picture[i] * (i % side)));
        }

        var middle = (side - 1) / 2.0;
        var (down, right) = ((int)Math.Round(middle - (rows / mass)), (int)Math.Round(middle - (columns / mass)));
        var pixels = new byte[side * side];
        for (var i = 0; i < picture.Length; i++)
        {
            var (row, column) = ((i / side) + down, (i % side) + right);
            if (row >= 0 && row < side && column >= 0 && column < side)
            {
                pixels[(row * side) + column] = (byte)Math.Clamp(Math.Round(picture[i]), 0, 255);
            }
        }

        return pixels;
    }
}
