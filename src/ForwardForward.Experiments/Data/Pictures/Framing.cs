namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Scales a figure into the frame that a network takes, the side that fills it first to so much of it.</summary>
internal static class Framing
{
    public const double OfDigits = 20.0 / 28;
    public const double Whole = 1;

    /// <summary>
    /// In the middle of the frame, by the middle of its box; the mean of the covered area, as MNIST's makers took it, also for large
    /// scales.
    /// </summary>
    /// <returns>Side x side.</returns>
    public static double[] Scaled(GreyPicture figure, int side, double share) => Scaled(figure, side, side, share);

    /// <inheritdoc cref="Scaled(GreyPicture, int, double)"/>
    /// <returns>Height x width.</returns>
    public static double[] Scaled(GreyPicture figure, int width, int height, double share)
    {
        var scale = Math.Min(width * share / figure.Width, height * share / figure.Height);
        var (left, top) = ((width - (figure.Width * scale)) / 2, (height - (figure.Height * scale)) / 2);
        var frame = new double[width * height];
        for (var i = 0; i < figure.Pixels.Length; i++)
        {
            if (figure.Pixels[i] != 0)
            {
                Spread(frame, width, left + (i % figure.Width * scale), top + (i / figure.Width * scale), scale, figure.Pixels[i]);
            }
        }

        return frame;
    }

    /// <summary>Moved by whole pixels so that its centre of mass is in the middle.</summary>
    public static double[] ByMass(double[] frame, int side)
    {
        double mass = 0,
            rows = 0,
            columns = 0;
        for (var i = 0; i < frame.Length; i++)
        {
            (mass, rows, columns) = (mass + frame[i], rows + (frame[i] * (i / side)), columns + (frame[i] * (i % side)));
        }

        var middle = (side - 1) / 2.0;
        var (down, right) = mass > 0 ? ((int)Math.Round(middle - (rows / mass)), (int)Math.Round(middle - (columns / mass))) : (0, 0);
        var moved = new double[frame.Length];
        for (var i = 0; i < frame.Length; i++)
        {
            var (row, column) = ((i / side) + down, (i % side) + right);
            if (row >= 0 && row < side && column >= 0 && column < side)
            {
                moved[(row * side) + column] = frame[i];
            }
        }

        return moved;
    }

    public static byte[] ToBytes(double[] frame) => Array.ConvertAll(frame, pixel => (byte)Math.Clamp(Math.Round(pixel), 0, 255));

    // A pixel of the file covers a square of the frame; each pixel there takes its share.
    private static void Spread(double[] frame, int width, double x, double y, double size, double value)
    {
        for (var row = Math.Max(0, (int)y); row < Math.Min(frame.Length / width, y + size); row++)
        {
            var high = Math.Min(row + 1, y + size) - Math.Max(row, y);
            for (var column = Math.Max(0, (int)x); column < Math.Min(width, x + size); column++)
            {
                frame[(row * width) + column] += value * high * (Math.Min(column + 1, x + size) - Math.Max(column, x));
            }
        }
    }
}
