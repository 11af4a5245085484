using System.Text.RegularExpressions;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>Names of files in a checkpoint: none leads out of its folder, is hidden, or is the manifest's.</summary>
internal static partial class FileName
{
    public const string Manifest = "manifest.json";

    /// <exception cref="ArgumentException">A checkpoint can have no file of that name.</exception>
    public static string Checked(string name) =>
        name != Manifest && Allowed().IsMatch(name)
            ? name
            : throw new ArgumentException(
                $"'{name}' cannot name a file of a checkpoint, expected up to 100 letters, digits, dots and hyphens, and not {Manifest}."
            );

    /// <exception cref="ArgumentException">A name is none, or given twice.</exception>
    public static void CheckAll(IReadOnlyList<CheckpointFile> files)
    {
        foreach (var file in files)
        {
            Checked(file.Name);
        }

        if (files.CountBy(file => file.Name).FirstOrDefault(count => count.Value > 1).Key is { } twice)
        {
            throw new ArgumentException($"'{twice}' is given twice, expected every file of a checkpoint once.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,99}\z")]
    private static partial Regex Allowed();
}
