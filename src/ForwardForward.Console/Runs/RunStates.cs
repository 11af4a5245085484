using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Runs;

/// <summary>States of a run as its folder tells them.</summary>
internal static class RunStates
{
    /// <summary>Running, or killed before it could write how it ended.</summary>
    public const string Running = "running";

    public const string Done = "done";

    public const string Failed = "failed";

    public static string Of(RunState state) => state.ToString().ToLowerInvariant();

    /// <summary>Ended by Ctrl+C or SIGTERM.</summary>
    public const string Interrupted = "interrupted";
}
