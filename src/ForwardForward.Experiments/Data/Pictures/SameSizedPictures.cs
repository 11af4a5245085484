using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>Many files of pictures, as one batch: grey where all of them are, else with three channels.</summary>
internal static class SameSizedPictures
{
    /// <param name="paths">At least one.</param>
    /// <returns>In the order of the paths; the labels are all 0.</returns>
    /// <exception cref="InvalidInputException">A file is damaged or of another size; it is the first that is.</exception>
    public static LabelledImages Read(IReadOnlyList<string> paths)
    {
        var first = Decode(paths[0]);
        var size = first.Pixels.Length;
        if ((long)paths.Count * size > Array.MaxLength)
        {
            throw new InvalidInputException(
                $"{paths.Count} pictures of {first.Size} like {paths[0]} take {(long)paths.Count * size} bytes, "
                    + $"expected at most {Array.MaxLength}."
            );
        }

        var pixels = new byte[paths.Count * size];
        var areColoured = new bool[paths.Count];
        var refused = new InvalidInputException?[paths.Count];
        // Whoever breaks off lets all that come before go on, so that the first that is refused does not depend on the threads.
        var ended = Parallel.For(
            0,
            paths.Count,
            (i, all) =>
            {
                try
                {
                    var picture = Same(Decode(paths[i]), paths[i], first, paths[0]);
                    picture.Pixels.CopyTo(pixels, i * size);
                    areColoured[i] = !picture.IsGrey;
                }
                catch (InvalidInputException e)
                {
                    refused[i] = e;
                    all.Break();
                }
            }
        );
        if (!ended.IsCompleted)
        {
            throw refused.First(one => one is not null)!;
        }

        var images = new LabelledImages(paths.Count, first.Height, first.Width, pixels, new byte[paths.Count])
        {
            Channels = ColourPicture.Channels,
        };
        return areColoured.Contains(true) ? images : images with { Channels = 1, Pixels = OneOfEach(pixels) };
    }

    private static ColourPicture Same(ColourPicture picture, string path, ColourPicture first, string firstPath) =>
        (picture.Width, picture.Height) == (first.Width, first.Height)
            ? picture
            : throw new InvalidInputException(
                $"{path} has {picture.Size} and {firstPath} {first.Size}, expected pictures of one size to learn from."
            );

    private static byte[] OneOfEach(byte[] pixels)
    {
        var grey = new byte[pixels.Length / ColourPicture.Channels];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = pixels[i * ColourPicture.Channels];
        }

        return grey;
    }

    private static ColourPicture Decode(string path)
    {
        try
        {
            return PictureFile.DecodeColours(File.ReadAllBytes(path), path, PictureFile.MaxPixels, mayShrink: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path} cannot be read ({e.Message.TrimEnd('.')}), expected a PNG or a JPEG.", e);
        }
    }
}
