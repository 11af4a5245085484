using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Learning;

/// <summary>
/// Writes a file for a person or another program: written beside its place, put on the disk, and then given its name. Whoever looks finds
/// all of it or what was there before, and a failure leaves nothing.
/// </summary>
internal static partial class WholeFile
{
    // EEXIST, ENOSPC, EROFS, EDQUOT
    private const int Exists = 17;
    private const int Full = 28;
    private const int ReadOnly = 30;
    private const int OverQuota = 122;

    /// <summary>Takes the place of a file that may be there.</summary>
    /// <param name="mode">Who may read it; null: as the file before it, else as usual here.</param>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="InvalidInputException">It cannot be written; a file that was there is as it was.</exception>
    public static long Replace(string path, string text, UnixFileMode? mode = null) => Replace(path, [Encoding.UTF8.GetBytes(text)], mode);

    /// <inheritdoc cref="Replace(string, string, UnixFileMode?)"/>
    public static long Replace(string path, IEnumerable<ReadOnlyMemory<byte>> content, UnixFileMode? mode = null)
    {
        var target = Target(path);
        return IsDevice(target)
            ? Put(path, target, content, (_, all) => Pour(target, all))
            : Put(
                path,
                target,
                content,
                (temporary, all) =>
                    DurableFile
                        .Put(
                            target,
                            temporary,
                            all,
                            mode: mode ?? (File.Exists(target) && !OperatingSystem.IsWindows() ? File.GetUnixFileMode(target) : null)
                        )
                        .Bytes
            );
    }

    /// <summary>Makes a file where there is none.</summary>
    /// <returns>Its size in bytes; null where something is there already, which is left as it is.</returns>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static long? TryCreate(string path, IEnumerable<ReadOnlyMemory<byte>> content)
    {
        if (Path.Exists(path))
        {
            return null;
        }

        try
        {
            return Put(
                path,
                Path.GetFullPath(path),
                content,
                (temporary, all) => DurableFile.Put(Path.GetFullPath(path), temporary, all, overwrite: false).Bytes
            );
        }
        catch (InvalidInputException e) when (e.InnerException is IOException && Path.Exists(path))
        {
            return null; // somebody was faster
        }
    }

    /// <summary>Takes away what processes that are gone had half written in a folder.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, ".*.tmp"))
        {
            if (Unfinished().Match(Path.GetFileName(file)) is { Success: true } name && !Writes(Number(name)))
            {
                File.Delete(file);
            }
        }
    }

    private static int Number(Match name) => int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\..+\.([0-9]{1,9})-[^.]{8}\.tmp$")]
    private static partial Regex Unfinished();

    // One of this process's number is of another that had it before: a container's first has the same each time.
    private static bool Writes(int process)
    {
        try
        {
            using var other = Process.GetProcessById(process);
            return process != Environment.ProcessId;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static long Put(
        string path,
        string target,
        IEnumerable<ReadOnlyMemory<byte>> content,
        Func<string, IEnumerable<ReadOnlyMemory<byte>>, long> write
    )
    {
        var folder =
            Path.GetDirectoryName(target) ?? throw new InvalidInputException($"{path} cannot be written: it is a folder, expected a file.");
        try
        {
            return write(
                Path.Combine(folder, $".{Path.GetFileName(target)}.{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}.tmp"),
                content
            );
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            throw new InvalidInputException($"{path} cannot be written: {Reason(target, folder, e)}", e);
        }
    }

    // What a link points to is replaced, and not the link.
    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            return Path.GetFullPath(path);
        }
    }

    // A terminal or a pipe, /dev/stdout say, has no place that another file could take.
    private static bool IsDevice(string target) =>
        !OperatingSystem.IsWindows()
        && (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        && Path.Exists(target);

    private static long Pour(string device, IEnumerable<ReadOnlyMemory<byte>> content)
    {
        using var stream = new FileStream(device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var bytes = 0L;
        foreach (var part in content)
        {
            stream.Write(part.Span);
            bytes += part.Length;
        }

        return bytes;
    }

    private static string Reason(string target, string folder, Exception e) =>
        (e, e.HResult) switch
        {
            _ when Directory.Exists(target) => "it is a folder, expected a file.",
            (DirectoryNotFoundException, _) => $"there is no folder {folder}, expected one that is there.",
            (UnauthorizedAccessException, _) => $"{folder} may not be written to, expected a folder that may.",
            (_, Full) => $"the disk is full, expected room on {DiskOf(folder)}.",
            (_, OverQuota) => $"this user's share of the disk is used up, expected room on {DiskOf(folder)}.",
            (_, ReadOnly) => $"the disk is read-only, expected {DiskOf(folder)} to take files.",
            (_, Exists) => "it is there already, expected a new file.",
            // without the name that it had for the time being
            _ => $"{e.Message.Split(" : '")[0].TrimEnd('.')}, expected a file in a folder that can be written.",
        };

    private static string DiskOf(string folder)
    {
        try
        {
            return DriveInfo.GetDrives().Select(drive => drive.Name).Where(root => Holds(root, folder)).MaxBy(root => root.Length)
                ?? folder;
        }
        catch (Exception e) when (CheckpointException.IsOfFiles(e))
        {
            return folder;
        }
    }

    private static bool Holds(string root, string folder) =>
        folder == root
        || folder.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || root == Path.GetPathRoot(folder);
}
