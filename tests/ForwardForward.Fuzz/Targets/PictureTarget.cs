using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;
using SkiaSharp;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Pictures that a network is asked about.</summary>
internal sealed class PictureTarget : ITarget
{
    private const int Side = 28;

    public IReadOnlyList<byte[]> Seeds { get; } = [Drawn(SKEncodedImageFormat.Png), Drawn(SKEncodedImageFormat.Jpeg)];

    public void Decode(byte[] input)
    {
        try
        {
            foreach (var figures in new[] { FigurePlacement.Centred, FigurePlacement.Filling, FigurePlacement.AsIs })
            {
                Finding.Unless(
                    ImageFile.Read(input, "input", new PictureFrame(Side, figures)).Length == Side * Side,
                    "it has another size than asked for"
                );
            }

            var coloured = new PictureFrame(new PictureShape(Side, Side + 4, 3), FigurePlacement.AsIs);
            Finding.Unless(
                ImageFile.Read(input, "input", coloured).Length == coloured.Shape.Size,
                "in colours it has another size than asked for"
            );
        }
        catch (InvalidInputException) { }
    }

    internal static byte[] Drawn(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(40, 30);
        using (var canvas = new SKCanvas(bitmap))
        using (var pen = new SKPaint { Color = SKColors.Black, StrokeWidth = 3 })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawLine(10, 5, 30, 25, pen);
        }

        using var image = SKImage.FromBitmap(bitmap);
        return image.Encode(format, 80).ToArray();
    }
}
