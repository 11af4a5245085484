namespace ForwardForward.Learning.Checkpoints;

/// <summary>
/// A checkpoint's file cannot be written, or what it holds cannot be trusted. The message is one sentence: which file, what is wrong with
/// it, what was expected.
/// </summary>
public class CheckpointException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal static CheckpointException Unwritable(string path, Exception e) => new($"{path} cannot be written: {Reason(e)}.", e);

    internal static CheckpointException Unreadable(string path, Exception e) => new($"{path} cannot be read: {Reason(e)}.", e);

    /// <summary>
    /// Whether the file system refused, as opposed to a bug of ours. What .NET does not support is a file without positions.
    /// </summary>
    internal static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    // The system's own words ("No space left on device"), which .NET follows up with the path and hides behind a denied access.
    private static string Reason(Exception e) =>
        (e is UnauthorizedAccessException { InnerException: { } inner } ? inner : e).Message.Split(" : '")[0].TrimEnd('.');
}
