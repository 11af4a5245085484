using ForwardForward.Learning.Exactness;
using SkiaSharp;

namespace ForwardForward.Benchmarks.Pictures;

/// <summary>A figure on a sheet as a camera or a scanner may show it: how bright every pixel is, changed step by step.</summary>
/// <param name="Pixels">Height x Width, 0 to 255.</param>
internal sealed record Scene(int Width, int Height, float[] Pixels)
{
    private const int MaxSpeck = 25;

    /// <param name="figure">Side x side, how much of each pixel is covered, 0 to 255.</param>
    /// <param name="times">How much larger it is drawn.</param>
    /// <param name="isSmooth">Whether its pixels run into each other.</param>
    /// <param name="margins">Further paper around it: left, top, right, bottom.</param>
    public static Scene Draw(
        byte[] figure,
        int side,
        double times,
        bool isSmooth,
        float paper,
        float ink,
        (int Left, int Top, int Right, int Bottom) margins = default
    )
    {
        var drawn = (int)Math.Round(side * times);
        var (width, height) = (drawn + margins.Left + margins.Right, drawn + margins.Top + margins.Bottom);
        return new Scene(
            width,
            height,
            [
                .. Enumerable
                    .Range(0, width * height)
                    .Select(i =>
                        paper
                        + (
                            (ink - paper)
                            * Cover(
                                figure,
                                side,
                                ((i % width) - margins.Left + 0.5) / times,
                                ((i / width) - margins.Top + 0.5) / times,
                                isSmooth
                            )
                        )
                    ),
            ]
        );
    }

    public Scene Map(Func<int, int, float, float> pixel) =>
        this with
        {
            Pixels = [.. Pixels.Select((value, i) => pixel(i % Width, i / Width, value))],
        };

    /// <summary>Light that falls to a share of what it is where it is brightest: along a direction, or away from a point.</summary>
    public Scene Lit(double share, double angle, bool fromPoint)
    {
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        double Way(double x, double y) => fromPoint ? Math.Sqrt(Math.Pow(x - cos, 2) + Math.Pow(y - sin, 2)) : (x * cos) + (y * sin);
        double[] corners = [Way(-1, -1), Way(1, -1), Way(-1, 1), Way(1, 1)];
        var (least, most) = (fromPoint ? 0 : corners.Min(), corners.Max());
        return Map(
            (x, y, value) =>
                value * (float)(1 - ((1 - share) * (Way((2.0 * x / Width) - 1, (2.0 * y / Height) - 1) - least) / (most - least)))
        );
    }

    /// <summary>A shadow with a soft edge over one part of the sheet.</summary>
    public Scene Shaded(double share, double angle, double softness)
    {
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        return Map(
            (x, y, value) =>
                value
                * (float)(
                    share + ((1 - share) / (1 + Math.Exp(-((((2.0 * x / Width) - 1) * cos) + (((2.0 * y / Height) - 1) * sin)) / softness)))
                )
        );
    }

    public Scene Noisy(double sigma, ref KeyedRandom random)
    {
        var pixels = (float[])Pixels.Clone();
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] += (float)(sigma * random.NextNormal());
        }

        return this with
        {
            Pixels = pixels,
        };
    }

    /// <summary>Something around the sheet, so many pixels wide at each side.</summary>
    public Scene Framed(float brightness, int left, int top, int right, int bottom)
    {
        var (width, height) = (Width + left + right, Height + top + bottom);
        return new Scene(
            width,
            height,
            [
                .. Enumerable
                    .Range(0, width * height)
                    .Select(i => (X: (i % width) - left, Y: (i / width) - top))
                    .Select(at => at.X >= 0 && at.X < Width && at.Y >= 0 && at.Y < Height ? Pixels[(at.Y * Width) + at.X] : brightness),
            ]
        );
    }

    /// <summary>Lines over the whole sheet, where they are darker than what is there.</summary>
    public Scene Ruled(double distance, double thickness, double slope, float brightness, bool isSquared) =>
        Map(
            (x, y, value) =>
                Distance(y - (slope * x), distance) < thickness / 2 || (isSquared && Distance(x + (slope * y), distance) < thickness / 2)
                    ? Math.Min(value, brightness)
                    : value
        );

    /// <summary>Spots of dust.</summary>
    public Scene Specked(int count, double largest, float brightness, bool inCorners, ref KeyedRandom random)
    {
        var scene = this;
        for (var i = 0; i < count; i++)
        {
            var size = Math.Min(MaxSpeck, largest * (0.3 + (0.7 * random.NextSingle())) / 2);
            var (x0, y0) = (Spot(Width, inCorners, ref random), Spot(Height, inCorners, ref random));
            scene = scene.Map((x, y, value) => Math.Pow(x - x0, 2) + Math.Pow(y - y0, 2) <= size * size ? brightness : value);
        }

        return scene;
    }

    public byte[] Encode(SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque));
        var rows = bitmap.GetPixelSpan();
        for (var i = 0; i < Pixels.Length; i++)
        {
            rows[(i / Width * bitmap.RowBytes) + (i % Width)] = (byte)Math.Clamp(Math.Round(Pixels[i]), 0, 255);
        }

        using var encoded = bitmap.Encode(format, quality);
        return encoded.ToArray();
    }

    private static double Spot(int length, bool inCorners, ref KeyedRandom random) =>
        inCorners ? length * ((0.08 * random.NextSingle()) + (random.NextInt32(2) * 0.92)) : length * random.NextSingle();

    private static double Distance(double at, double step) => Math.Abs(at - (step * Math.Round(at / step)));

    private static float Cover(byte[] figure, int side, double x, double y, bool isSmooth)
    {
        if (!isSmooth)
        {
            return At(figure, side, (int)Math.Floor(x), (int)Math.Floor(y)) / 255;
        }

        var (left, top) = ((int)Math.Floor(x - 0.5), (int)Math.Floor(y - 0.5));
        var (h, v) = ((float)(x - 0.5 - left), (float)(y - 0.5 - top));
        return (
                ((1 - v) * (((1 - h) * At(figure, side, left, top)) + (h * At(figure, side, left + 1, top))))
                + (v * (((1 - h) * At(figure, side, left, top + 1)) + (h * At(figure, side, left + 1, top + 1))))
            ) / 255;
    }

    private static float At(byte[] figure, int side, int x, int y) => x >= 0 && x < side && y >= 0 && y < side ? figure[(y * side) + x] : 0;
}
