using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions;

/// <summary>What `predict` is given: pictures, folders of pictures, and IDX files of many. What a file is, its first bytes say.</summary>
/// <param name="spec">Of the network.</param>
/// <param name="pixels">That the network takes.</param>
/// <param name="asked">How figures are placed, whatever the spec says.</param>
internal sealed class ImageFiles(ExperimentSpec spec, int pixels, FigurePlacement? asked)
{
    /// <summary>Each image in order, those that cannot be used among them.</summary>
    public IReadOnlyList<AskedImage> Read(IReadOnlyList<string> paths) => [.. paths.SelectMany(Read)];

    /// <summary>One batch of them.</summary>
    public LabelledImages Together(IReadOnlyList<AskedImage> images) =>
        new(images.Count, 1, pixels, [.. images.SelectMany(image => image.Pixels!)], new byte[images.Count]);

    private IEnumerable<AskedImage> Read(string path)
    {
        try
        {
            return Directory.Exists(path) ? [.. PicturesIn(path).Select(Picture)]
                : FirstBytes.IsIdx(Start(path)) ? Idx(path)
                : [Picture(path)];
        }
        catch (InvalidInputException e)
        {
            return [new AskedImage(path, null, e.Message)];
        }
    }

    private static string[] PicturesIn(string folder)
    {
        try
        {
            string[] pictures =
            [
                .. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Where(file => FirstBytes.IsPicture(Start(file))),
            ];
            return pictures.Length > 0
                ? pictures
                : throw new InvalidInputException($"{folder} is a folder without pictures, expected PNG or JPEG files in it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{folder} cannot be read ({e.Message.TrimEnd('.')}), expected a folder of pictures.", e);
        }
    }

    // What cannot be read is refused by whoever reads it.
    private static byte[] Start(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[FirstBytes.Needed];
            return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private AskedImage Picture(string path)
    {
        try
        {
            return new AskedImage(path, Experiments.Data.Pictures.ImageFile.Read(path, PictureFrame.Of(spec, pixels, asked)));
        }
        catch (InvalidInputException e)
        {
            return new AskedImage(path, null, e.Message);
        }
    }

    private IEnumerable<AskedImage> Idx(string path)
    {
        var images = Learning.Data.Idx.ReadImages(path);
        if (images.Channels != spec.Images.Channels && images.Height > 1)
        {
            throw new InvalidInputException(
                $"{path} has images of {images.Channels} numbers for each pixel, expected {spec.Images.Channels} as the network was "
                    + "trained on."
            );
        }

        if (images.PixelsPerImage != pixels)
        {
            throw new InvalidInputException(
                $"{path} has images of {images.Height} x {images.Width} pixels, expected {pixels} pixels as the network was trained on."
            );
        }

        images = spec.Images.Transposed ? images.Transposed() : images;
        return Enumerable
            .Range(0, images.Count)
            .Select(i => new AskedImage($"{path}[{i}]", images.Pixels[(i * pixels)..((i + 1) * pixels)]));
    }
}
