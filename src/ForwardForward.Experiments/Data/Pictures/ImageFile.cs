using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What a network is shown of an image file.</summary>
internal static class ImageFile
{
    private const int MaxBytes = 32 << 20;
    private const float Half = 127.5f;

    /// <exception cref="InvalidInputException">The file is no PNG or JPEG, is too large, or shows nothing.</exception>
    public static byte[] Read(string path, PictureFrame frame)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            return bytes > MaxBytes
                ? throw new InvalidInputException($"{path} has {bytes} bytes, expected at most {MaxBytes}.")
                : Read(File.ReadAllBytes(path), path, frame);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{path} does not exist, expected an image."
                    : $"{path} cannot be read ({e.Message.TrimEnd('.')}), expected an image.",
                e
            );
        }
    }

    /// <param name="file">A PNG or JPEG.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="mostAtOnce">Pixels of one that cannot be decoded in parts.</param>
    /// <returns>Height x width x channels, row-major.</returns>
    /// <exception cref="InvalidInputException">It is no PNG or JPEG, is too large, or shows nothing.</exception>
    public static byte[] Read(byte[] file, string name, PictureFrame frame, int mostAtOnce = PictureFile.MaxPixels)
    {
        if (frame.HasColours)
        {
            return Whole(PictureFile.DecodeColours(file, name, mostAtOnce, mayShrink: true), frame);
        }

        var picture = PictureFile.Decode(file, name, mostAtOnce);
        if (!frame.IsAsked && IsReady(picture, frame))
        {
            return picture.ToBytes();
        }

        var shown = frame.Figures switch
        {
            FigurePlacement.AsIs => Whole(picture, frame),
            FigurePlacement.Filling => Article.Of(picture, frame.Side),
            _ => Digit.Of(picture, frame.Side),
        };
        return shown
            ?? throw new InvalidInputException($"{name} shows nothing, expected a figure that is brighter or darker than its background.");
    }

    // A picture of the network's size is one like those that it has learned from. Digits are on dark ground there, so that one on white is
    // none of them.
    private static bool IsReady(GreyPicture picture, PictureFrame frame) =>
        picture.Width == frame.Shape.Width
        && picture.Height == frame.Shape.Height
        && (frame.Figures != FigurePlacement.Centred || Cells.Median(Edge(picture)) <= Half);

    // Channel by channel, each on the ground that it has at the picture's edge.
    private static byte[] Whole(ColourPicture picture, PictureFrame frame)
    {
        if (picture.Width == frame.Shape.Width && picture.Height == frame.Shape.Height)
        {
            return picture.Pixels;
        }

        var pixels = new byte[frame.Shape.Size];
        for (var channel = 0; channel < ColourPicture.Channels; channel++)
        {
            var plane = Whole(picture.Plane(channel), frame);
            for (var i = 0; i < plane.Length; i++)
            {
                pixels[(i * ColourPicture.Channels) + channel] = plane[i];
            }
        }

        return pixels;
    }

    private static byte[] Whole(GreyPicture picture, PictureFrame frame)
    {
        if (picture.Width == frame.Shape.Width && picture.Height == frame.Shape.Height)
        {
            return picture.ToBytes();
        }

        var ground = Cells.Median(Edge(picture));
        var scaled = Framing.Scaled(
            picture with
            {
                Pixels = [.. picture.Pixels.Select(pixel => pixel - ground)],
            },
            frame.Shape.Width,
            frame.Shape.Height,
            Framing.Whole
        );
        return Framing.ToBytes(Array.ConvertAll(scaled, pixel => pixel + ground));
    }

    private static float[] Edge(GreyPicture picture) =>
        [
            .. picture.Pixels.Where(
                (_, i) =>
                    i < picture.Width
                    || i >= picture.Pixels.Length - picture.Width
                    || i % picture.Width == 0
                    || i % picture.Width == picture.Width - 1
            ),
        ];
}
