using ForwardForward.Learning;
using ForwardForward.Learning.Data.Pictures;

namespace ForwardForward.Console.Predictions;

/// <summary>Writes what a network was shown.</summary>
internal static class ShownPictures
{
    /// <summary>One picture as it was; several side by side, in the order of the answers.</summary>
    /// <param name="path">Of a PNG; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<AskedImage> images)
    {
        byte[][] shown = [.. images.Take(PictureSheet.MostPictures).Select(image => image.Pixels!)];
        var (width, height) = Size(shown[0].Length);
        var temporary = $"{path}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllBytes(temporary, PictureSheet.Png(shown, width, height));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new InvalidInputException($"--show: {path} cannot be written ({e.Message.TrimEnd('.')}), expected a file in a folder that is there.", e);
        }
    }

    // Pictures that are not square come from IDX files and are shown in one row of pixels each.
    private static (int Width, int Height) Size(int pixels) => (int)Math.Sqrt(pixels) is var side && side * side == pixels ? (side, side) : (pixels, 1);
}
