using ForwardForward.Learning;
using SkiaSharp;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>
/// Decodes a PNG or a JPEG to grey or to colours, upright and no larger than what a figure is found in. A page at 300 dpi packs into some
/// kilobytes, so the size of the file says nothing about the size of the picture: what is large is decoded in strips or scaled, and takes
/// no more memory than a picture of ordinary size.
/// </summary>
internal static class PictureFile
{
    /// <summary>Of a picture as it comes: that of a phone.</summary>
    public const int MaxPixels = 50_000_000;

    private const int MaxSide = 1024;
    private const int StripBytes = 32 << 20;
    private const int GreyBytes = 1;
    private const int ColourBytes = 4;

    // What must be decoded at once packs a picture of nothing into a thousandth of the memory that it takes: one of more pixels than this
    // must be as large a file as a scan or a photograph of them is.
    private const int PixelsOfAnyFile = 10_000_000;
    private const int PixelsPerByte = 40;

    /// <param name="name">What messages call it.</param>
    /// <param name="mostAtOnce">Pixels of one that cannot be decoded in parts.</param>
    /// <exception cref="InvalidInputException">It is no PNG or JPEG, is damaged or too large.</exception>
    public static GreyPicture Decode(byte[] file, string name, int mostAtOnce)
    {
        using var codec = Open(file, name, mostAtOnce);
        return Orientation.Upright(Decoded(codec, name, size => new Shrinking(size.Width, size.Height, Square(size))).Result(), codec);
    }

    /// <summary>As <see cref="Decode"/>, to red, green and blue.</summary>
    /// <param name="mayShrink">Whether one that is larger than a figure is found in becomes smaller; if not, it is refused.</param>
    public static ColourPicture DecodeColours(byte[] file, string name, int mostAtOnce, bool mayShrink)
    {
        using var codec = Open(file, name, mostAtOnce);
        if (!mayShrink && Square(codec.Info.Size) > 1)
        {
            throw new InvalidInputException(
                $"{name} has {codec.Info.Height} rows of {codec.Info.Width} pixels, expected at most {MaxSide} of each to learn from."
            );
        }

        return Orientation.Upright(
            Decoded(codec, name, size => new ColourShrinking(size.Width, size.Height, Square(size))).Result(),
            codec
        );
    }

    private static T Decoded<T>(SKCodec codec, string name, Func<SKSizeI, T> shrinking)
        where T : class, IShrinking =>
        (codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? Scaled(codec, shrinking) : InStrips(codec, shrinking))
        ?? throw new InvalidInputException($"{name} is damaged or truncated, expected a whole PNG or JPEG.");

    private static SKCodec Open(byte[] file, string name, int mostAtOnce)
    {
        var codec =
            file.Length == 0
                ? throw new InvalidInputException($"{name} is empty, expected a PNG, a JPEG or an IDX file of images.")
                : SKCodec.Create(new SKMemoryStream(file));
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg })
        {
            throw new InvalidInputException($"{name} is no picture, expected a PNG, a JPEG or an IDX file of images.");
        }

        var most = FirstBytes.ComesInOnePiece(file)
            ? Math.Min(mostAtOnce, Math.Max(PixelsOfAnyFile, (long)PixelsPerByte * file.Length))
            : MaxPixels;
        if ((long)codec.Info.Width * codec.Info.Height > most)
        {
            throw new InvalidInputException(
                $"{name} has {codec.Info.Width} x {codec.Info.Height} pixels in {file.Length} bytes, expected at most {most}."
            );
        }

        return codec;
    }

    private static int Square(SKSizeI size) => (Math.Max(size.Width, size.Height) + MaxSide - 1) / MaxSide;

    // A JPEG can be had at a half, a quarter or an eighth of its size for less than the whole costs.
    private static T? Scaled<T>(SKCodec codec, Func<SKSizeI, T> shrinking)
        where T : class, IShrinking
    {
        var size = codec.Info.Size;
        for (var part = 8; part > 1; part /= 2)
        {
            if (part <= Square(codec.Info.Size))
            {
                size = codec.GetScaledDimensions(1f / part);
                break;
            }
        }

        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var rows = new SKBitmap(info);
        return codec.GetPixels(info, rows.GetPixels()) == SKCodecResult.Success
            ? Added(shrinking(size), rows, 0, size.Height, isGrey: false)
            : null;
    }

    private static T? InStrips<T>(SKCodec codec, Func<SKSizeI, T> shrinking)
        where T : class, IShrinking
    {
        var isGrey = codec.Info is { ColorType: SKColorType.Gray8, AlphaType: SKAlphaType.Opaque };
        var info = new SKImageInfo(
            codec.Info.Width,
            codec.Info.Height,
            isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888,
            isGrey ? SKAlphaType.Opaque : SKAlphaType.Premul
        );
        var atOnce = Math.Clamp(StripBytes / (info.Width * (isGrey ? GreyBytes : ColourBytes)), 1, info.Height);
        using var rows = new SKBitmap(info.WithSize(info.Width, atOnce));
        var shrunk = shrinking(info.Size);
        for (var top = 0; top < info.Height; top += atOnce)
        {
            var bottom = Math.Min(info.Height, top + atOnce);
            var options = new SKCodecOptions(new SKRectI(0, top, info.Width, bottom));
            if (
                codec.StartIncrementalDecode(info, rows.GetPixels(), rows.RowBytes, options) != SKCodecResult.Success
                || codec.IncrementalDecode(out _) != SKCodecResult.Success
            )
            {
                return null;
            }

            Added(shrunk, rows, top, bottom, isGrey);
        }

        return shrunk;
    }

    private static T Added<T>(T shrinking, SKBitmap rows, int top, int bottom, bool isGrey)
        where T : IShrinking
    {
        var bytes = rows.GetPixelSpan();
        for (var y = top; y < bottom; y++)
        {
            var row = bytes.Slice((y - top) * rows.RowBytes, rows.Width * (isGrey ? GreyBytes : ColourBytes));
            if (isGrey)
            {
                shrinking.AddGrey(y, row);
            }
            else
            {
                shrinking.AddColour(y, row);
            }
        }

        return shrinking;
    }
}
