using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ForwardForward.Learning.Native;

/// <summary>
/// Loads a library from a copy that <see cref="GlibcxxRemedy"/> has corrected: kept for the next process where there is a folder to keep it
/// in, else gone again once it is loaded.
/// </summary>
/// <param name="kept">Folders for copies, the first that can be written is taken.</param>
/// <param name="temporary">
/// Where everybody may write, if nothing else is left; a copy there is never taken over from who came before.
/// </param>
/// <param name="load">As <see cref="NativeLibrary.Load(string)"/>.</param>
internal sealed class CorrectedCopy(IReadOnlyList<string> kept, string temporary, Func<string, nint> load)
{
    /// <returns>The library's handle.</returns>
    /// <exception cref="LibTorchUnavailableException">No folder can be written, or what is there cannot be loaded from.</exception>
    public nint Load(string original)
    {
        var bytes = File.ReadAllBytes(original);
        var name = $"{Path.GetFileNameWithoutExtension(original)}-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.so";
        GlibcxxRemedy.MarkWeak(bytes);
        string? refusal = null;
        foreach (var from in kept.Select(folder => (Func<nint>)(() => load(Kept(folder, name, bytes)))).Append(() => Passing(name, bytes)))
        {
            try
            {
                return from();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
            catch (DllNotFoundException e)
            {
                // no program may be in there, perhaps
                refusal = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');
            }
        }

        var folders = string.Join(" nor ", kept.Append(temporary));
        throw new LibTorchUnavailableException(
            $"libtorch needs {GlibcxxRemedy.Version}, which this system's libstdc++ lacks, and neither {folders} "
                + (refusal is null ? "can be written for a corrected copy." : $"takes a corrected copy that can be loaded: {refusal}.")
        );
    }

    private static string Kept(string folder, string name, byte[] bytes)
    {
        var copy = Path.Combine(folder, name);
        if (!File.Exists(copy))
        {
            Directory.CreateDirectory(folder);
            // several processes may start at once
            Write($"{copy}.{Environment.ProcessId}", bytes, written => File.Move(written, copy, overwrite: true));
        }

        return copy;
    }

    private nint Passing(string name, byte[] bytes)
    {
        var folder = Path.Combine(temporary, $"forwardforward-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        try
        {
            var copy = Path.Combine(folder, name);
            File.WriteAllBytes(copy, bytes);
            return load(copy);
        }
        finally
        {
            Directory.Delete(folder, recursive: true); // what is loaded stays
        }
    }

    private static void Write(string path, byte[] bytes, Action<string> written)
    {
        try
        {
            File.WriteAllBytes(path, bytes);
            written(path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
