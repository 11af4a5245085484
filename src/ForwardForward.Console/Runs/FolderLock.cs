using ForwardForward.Learning;

namespace ForwardForward.Console.Runs;

/// <summary>
/// Keeps a folder for one process: a file in it is held open, and so locked, for as long as the process lives. What one that was killed had
/// half written there is taken away.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    public const string FileName = ".running";

    private readonly FileStream _held;

    /// <exception cref="IOException">Another process has it.</exception>
    public FolderLock(string folder)
    {
        _held = new FileStream(
            Path.Combine(folder, FileName),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None,
            1,
            FileOptions.DeleteOnClose
        );
        FileWrite.Hindrance(folder, () => WholeFile.RemoveUnfinished(folder));
    }

    /// <summary>Whether a process has the folder that lives.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            using var held = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _held.Dispose();
}
