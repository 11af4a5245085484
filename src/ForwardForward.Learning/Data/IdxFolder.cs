namespace ForwardForward.Learning.Data;

/// <summary>A data set as four IDX files under their customary names, or under those that archives give them, each plain or gzip.</summary>
internal static class IdxFolder
{
    /// <summary>Images and labels to train with, then images and labels to test with.</summary>
    public static IReadOnlyList<string> Files { get; } =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <returns>The path of the file or of its .gz form, whichever is there; null where neither is.</returns>
    public static string? Find(string folder, string file) =>
        new[] { file, $"{file}.gz" }.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Whether this is a folder, or the beginning of the names of files in one, by which one of several data sets there is meant:
    /// <c>gzip/emnist-letters</c>.
    /// </summary>
    public static bool IsNamed(string folder) => Directory.Exists(folder) || FoundIdxFiles.Begin(folder);

    /// <param name="name">What messages call the data set.</param>
    /// <param name="folder">As for <see cref="IsNamed"/>.</param>
    /// <exception cref="InvalidInputException">A file is missing or wrong, or the files do not fit together.</exception>
    public static DataSet Read(string name, string folder)
    {
        var paths = FoundIdxFiles.In(folder);
        return DataSet.Of(name, ReadPart(paths[0], paths[1]), ReadPart(paths[2], paths[3]));
    }

    internal static LabelledImages ReadPart(string imagesPath, string labelsPath)
    {
        var labels = Idx.ReadLabels(labelsPath);
        var images = Idx.ReadImages(imagesPath);
        return labels.Length == images.Count
            ? images with
            {
                Labels = labels,
            }
            : throw new InvalidInputException(
                $"{labelsPath} has {labels.Length} labels, expected {images.Count} because {imagesPath} has that many images."
            );
    }
}
