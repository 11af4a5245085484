using ForwardForward.Learning;

namespace ForwardForward.Console.Runs;

/// <summary>A write that a run can do without.</summary>
internal static class FileWrite
{
    /// <returns>Why the file system refused it, in one sentence; null where it did not.</returns>
    public static string? Hindrance(string path, Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (InvalidInputException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {(e.InnerException ?? e).Message.Split(" : '")[0].TrimEnd('.')}.";
        }
    }
}
