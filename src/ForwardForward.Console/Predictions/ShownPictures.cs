using ForwardForward.Experiments.Data.Pictures;
using ForwardForward.Learning;
using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Predictions;

/// <summary>Writes what a network was shown.</summary>
internal static class ShownPictures
{
    /// <summary>One picture as it was; several side by side, in the order of the answers.</summary>
    /// <param name="path">Of a PNG; one that is there is replaced once the new one is whole.</param>
    /// <param name="spec">Of the network.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<AskedImage> images, ExperimentSpec spec)
    {
        byte[][] shown = [.. images.Take(PictureSheet.MaxPictures).Select(image => image.Pixels!)];
        // Those of a shape that nobody knows come from IDX files and are shown in one row of pixels each.
        var shape = PictureShape.Find(spec.Images, shown[0].Length) ?? new PictureShape(1, shown[0].Length, 1);
        WholeFile.Replace(path, [PictureSheet.Png(shown, shape.Width, shape.Height, shape.Channels)]);
    }
}
