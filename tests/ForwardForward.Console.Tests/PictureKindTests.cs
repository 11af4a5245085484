using ForwardForward.Benchmarks.Pictures;
using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;
using SkiaSharp;

namespace ForwardForward.Console.Tests;

/// <summary>
/// What a network is shown of a figure, however it was photographed: the same as of one drawn on white paper. `bench predict` counts what
/// networks make of it.
/// </summary>
public sealed class PictureKindTests
{
    private const int Side = 28;
    private static readonly PictureFrame Frame = new(Side, FigurePlacement.Centred);

    public static TheoryData<string> Kinds => [.. PictureKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_network_is_shown_the_same_figure_of_every_kind_of_picture(string kind)
    {
        var drawn = Seven();

        var shown = ImageFile.Read(Made(kind, drawn, at: 1), kind, Frame);

        var least = kind.Contains("pen", StringComparison.Ordinal) ? 0.7 : 0.9;
        Assert.InRange(Likeness(drawn, shown), least, 1.001);
    }

    [Theory]
    [InlineData("paper of 200")]
    [InlineData("light that falls by half")]
    [InlineData("noise of 20")]
    [InlineData("noise of 20 on white")]
    [InlineData("a frame")]
    [InlineData("a strip at a side")]
    [InlineData("a speck in a corner")]
    [InlineData("ruled paper")]
    [InlineData("a dark board")]
    [InlineData("a photograph")]
    public void A_sheet_without_a_figure_shows_nothing(string kind)
    {
        var refused = Assert.Throws<InvalidInputException>(() => ImageFile.Read(Made(kind, new byte[Side * Side], at: 2), "sheet", Frame));

        Assert.StartsWith("sheet shows nothing, ", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Made(string kind, byte[] figure, int at)
    {
        var random = new KeyedRandom(1, RandomPurpose.Scene, at, 0);
        return PictureKind.All.First(one => one.Name == kind).Make(figure, Side, ref random);
    }

    /// <summary>
    /// Correlation of the two: 1 where one is as the other, but for how bright it is; where the other is moved by a pixel at most, since it
    /// is centred by whole ones.
    /// </summary>
    private static double Likeness(byte[] one, byte[] other) =>
        Enumerable
            .Range(0, 9)
            .Max(move =>
                Correlation(
                    one,
                    [
                        .. Enumerable
                            .Range(0, other.Length)
                            .Select(i => other.ElementAtOrDefault(i + (((move / 3) - 1) * Side) + (move % 3) - 1)),
                    ]
                )
            );

    private static double Correlation(byte[] one, byte[] other)
    {
        var (a, b) = (one.Average(pixel => pixel), other.Average(pixel => pixel));
        return one.Zip(other).Sum(pixel => (pixel.First - a) * (pixel.Second - b))
            / Math.Sqrt(one.Sum(pixel => Math.Pow(pixel - a, 2)) * other.Sum(pixel => Math.Pow(pixel - b, 2)));
    }

    /// <summary>A seven as MNIST has them: twenty pixels high, three wide strokes, its mass in the middle.</summary>
    private static byte[] Seven()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Side * 10, Side * 10, SKColorType.Gray8, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (
            var pen = new SKPaint
            {
                Color = SKColors.White,
                StrokeWidth = 27,
                StrokeCap = SKStrokeCap.Round,
                IsAntialias = true,
            }
        )
        {
            canvas.Clear(SKColors.Black);
            canvas.DrawLine(80, 60, 200, 60, pen);
            canvas.DrawLine(200, 60, 110, 240, pen);
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return ImageFile.Read(encoded.ToArray(), "seven", Frame);
    }
}
