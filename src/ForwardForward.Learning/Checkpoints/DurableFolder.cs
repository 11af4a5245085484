using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>A file's name is on the disk only once its folder was flushed, for which .NET has no call: it opens no folders.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        using var folder = Open(path, ReadOnly);
        if (folder.IsInvalid)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
        }

        RandomAccess.FlushToDisk(folder);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
