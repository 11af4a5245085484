using ForwardForward.Learning;
using ForwardForward.Learning.Data;

namespace ForwardForward.Experiments.Data.Folders;

/// <summary>A folder of data in any form that is known: IDX files, CIFAR's binary files, pictures by class.</summary>
internal static class DataFolder
{
    /// <summary>What is expected of one, as the end of a sentence.</summary>
    public const string Expected = "a folder with four IDX files, CIFAR's binary files or pictures by class";

    /// <summary>Whether this is a folder, or the beginning of the names of IDX files in one.</summary>
    public static bool IsNamed(string folder) => IdxFolder.IsNamed(folder);

    /// <param name="name">What messages call the data set.</param>
    /// <param name="folder">As for <see cref="IsNamed"/>.</param>
    /// <param name="decoded">Keeps decoded pictures; null: nothing is kept.</param>
    /// <exception cref="InvalidInputException">It has none of these forms, or its files are wrong or do not fit together.</exception>
    public static DataSet Read(string name, string folder, DecodedPictures? decoded = null)
    {
        try
        {
            return Directory.Exists(folder) && !FoundIdxFiles.HasAny(folder)
                ? CifarFolder.Find(folder)?.Read(name) ?? PictureFolder.Find(folder, decoded)?.Read(name) ?? IdxFolder.Read(name, folder)
                : IdxFolder.Read(name, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{folder} cannot be read ({e.Message.TrimEnd('.')}), expected {Expected}.", e);
        }
    }
}
