using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Console.Runs;

/// <summary>States of a run as its folder tells them.</summary>
internal static class RunStates
{
    public const string Running = "running";

    public const string Paused = "paused";

    public const string Done = "done";

    public const string Failed = "failed";

    public static string Of(RunState state) => state.ToString().ToLowerInvariant();

    /// <summary>Ended by Ctrl+C or a signal.</summary>
    public const string Interrupted = "interrupted";
}
