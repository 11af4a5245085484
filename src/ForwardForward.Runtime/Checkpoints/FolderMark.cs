using System.Text.RegularExpressions;

namespace ForwardForward.Runtime.Checkpoints;

/// <summary>
/// An empty file that a silo leaves in its checkpoint folder while it is there, under a name that it tells the others. Whoever sees it in a
/// folder of his own has the same folder: no copy of a disk has it, no cache knows the name, and it needs no room on a full disk.
/// </summary>
internal sealed partial class FolderMark(CheckpointPlace place)
{
    private const string Folder = ".silos"; // beside the runs' folders, none of which is called so
    private readonly string _folder = Path.Combine(place.Folder, Folder);

    /// <summary>Why it cannot be left; null where it can.</summary>
    public string? Hindrance { get; private set; }

    public static string NewName(string owner) => $"{Other().Replace(owner, "_")}-{Guid.NewGuid():n}";

    /// <summary>Leaves it, or puts it back where somebody has emptied the folder.</summary>
    public void Leave()
    {
        var mark = Path.Combine(_folder, place.Mark);
        if (File.Exists(mark))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(_folder);
            File.Open(mark, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            Hindrance = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Hindrance = (e.InnerException ?? e).Message.Split(" : '")[0].TrimEnd('.');
        }
    }

    /// <summary>Removes what an earlier process of the same owner left.</summary>
    public void ForgetEarlier()
    {
        var owner = place.Mark[..^(Guid.Empty.ToString("n").Length)];
        Quietly(() =>
            Directory
                .GetFiles(_folder, $"{owner}*")
                .Where(file => Path.GetFileName(file).Length == place.Mark.Length && Path.GetFileName(file) != place.Mark)
                .ToList()
                .ForEach(File.Delete)
        );
    }

    public void Remove() => Quietly(() => File.Delete(Path.Combine(_folder, place.Mark)));

    /// <summary>Whether another silo's mark is in this folder.</summary>
    /// <returns>Null where the file system does not say.</returns>
    public bool? Sees(CheckpointPlace other)
    {
        try
        {
            File.GetAttributes(Path.Combine(_folder, Path.GetFileName(other.Mark)));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty file more is no matter.
        }
    }

    [GeneratedRegex("[^A-Za-z0-9.-]")]
    private static partial Regex Other();
}
