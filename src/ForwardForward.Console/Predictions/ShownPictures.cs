using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;

namespace ForwardForward.Console.Predictions;

/// <summary>Writes what a network was shown.</summary>
internal static class ShownPictures
{
    /// <summary>One picture as it was; several side by side, in the order of the answers.</summary>
    /// <param name="path">Of a PNG; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<AskedImage> images)
    {
        byte[][] shown = [.. images.Take(PictureSheet.MaxPictures).Select(image => image.Pixels!)];
        var (width, height) = Size(shown[0].Length);
        WholeFile.Replace(path, [PictureSheet.Png(shown, width, height)]);
    }

    // Pictures that are not square come from IDX files and are shown in one row of pixels each.
    private static (int Width, int Height) Size(int pixels) =>
        (int)Math.Sqrt(pixels) is var side && side * side == pixels ? (side, side) : (pixels, 1);
}
