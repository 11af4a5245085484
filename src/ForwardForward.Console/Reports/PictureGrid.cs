using System.Globalization;
using System.Text;
using SkiaSharp;

namespace ForwardForward.Console.Reports;

/// <param name="Values">Row-major, -1 to 1; positive ones are the picture, negative ones its opposite.</param>
/// <param name="Caption">Below it; empty: nothing.</param>
/// <param name="Channels">Of a pixel, side by side; with three the picture has its own colours, grey where signed values are 0.</param>
internal sealed record SmallPicture(IReadOnlyList<float> Values, int Width, int Height, string Caption = "", int Channels = 1);

/// <summary>Small pictures side by side, inside the page. They are ink on whatever colour the page has.</summary>
internal static class PictureGrid
{
    private const int Colours = 3;

    // told apart by every eye
    private static readonly SKColor Opposite = new(0xD5, 0x5E, 0x00);
    private static readonly SKColor Signed = new(0x00, 0x72, 0xB2);

    /// <param name="isSigned">Whether values below 0 mean something, so that both signs get a colour.</param>
    public static string Html(IEnumerable<SmallPicture> pictures, string description, bool isSigned = false)
    {
        var html = new StringBuilder("<div class=\"pictures\">");
        foreach (var picture in pictures)
        {
            var caption = picture.Caption.Length == 0 ? "" : $"<figcaption>{Markup.Escape(picture.Caption)}</figcaption>";
            var kind =
                picture.Channels == Colours ? "colour"
                : isSigned ? "signed"
                : "ink";
            html.Append(
                CultureInfo.InvariantCulture,
                $"<figure><img class=\"{kind}\" alt=\"{Markup.Escape(description)}\" "
                    + $"src=\"data:image/png;base64,{Convert.ToBase64String(Png(picture, isSigned))}\"/>{caption}</figure>"
            );
        }

        return html.Append("</div>").ToString();
    }

    private static byte[] Png(SmallPicture picture, bool isSigned)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var i = 0; picture.Channels == Colours && i < picture.Width * picture.Height; i++)
        {
            byte Part(int channel)
            {
                var value = Math.Clamp(picture.Values[(i * Colours) + channel], -1, 1);
                return (byte)Math.Round(255 * (isSigned ? (value + 1) / 2 : Math.Max(0, value)));
            }

            bitmap.SetPixel(i % picture.Width, i / picture.Width, new SKColor(Part(0), Part(1), Part(2)));
        }

        for (var i = 0; picture.Channels == 1 && i < picture.Values.Count; i++)
        {
            var value = Math.Clamp(picture.Values[i], -1, 1);
            var colour =
                !isSigned ? SKColors.Black
                : value >= 0 ? Signed
                : Opposite;
            bitmap.SetPixel(i % picture.Width, i / picture.Width, colour.WithAlpha((byte)Math.Round(255 * Math.Abs(value))));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
