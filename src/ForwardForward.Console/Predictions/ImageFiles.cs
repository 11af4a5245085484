using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Predictions;

/// <summary>What `predict` is given: pictures, and IDX files of many.</summary>
internal static class ImageFiles
{
    /// <returns>A name and the pixels of each image, in order.</returns>
    /// <exception cref="InvalidInputException">A file cannot be used.</exception>
    public static IReadOnlyList<(string Name, byte[] Pixels)> Read(IReadOnlyList<string> paths, int pixels) => [.. paths.SelectMany(path => Read(path, pixels))];

    /// <summary>One batch of them.</summary>
    public static LabelledImages Together(IReadOnlyList<(string Name, byte[] Pixels)> images, int pixels) =>
        new(images.Count, 1, pixels, [.. images.SelectMany(image => image.Pixels)], new byte[images.Count]);

    private static IEnumerable<(string Name, byte[] Pixels)> Read(string path, int pixels)
    {
        if (Path.GetFileName(path).Contains("idx3", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".idx", StringComparison.OrdinalIgnoreCase))
        {
            var (count, height, width, values) = Idx.ReadImages(path);
            return height * width == pixels
                ? Enumerable.Range(0, count).Select(i => ($"{path}[{i}]", values[(i * pixels)..((i + 1) * pixels)]))
                : throw new InvalidInputException($"{path} has images of {height} x {width} pixels, expected {pixels} pixels as the network was trained on.");
        }

        var side = (int)Math.Sqrt(pixels);
        return side * side == pixels
            ? [(path, Picture.Read(path, side))]
            : throw new InvalidInputException($"The network takes images of {pixels} pixels, which are not square, expected them in an IDX file (name.idx).");
    }
}
