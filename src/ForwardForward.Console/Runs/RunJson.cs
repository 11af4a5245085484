namespace ForwardForward.Console.Runs;

/// <summary>A run as <c>runs --json</c> prints it.</summary>
internal static class RunJson
{
    // The contract's states know no interruption: such a run did not reach its end, and its error says why.
    public static RunSummary Of(RunSummary run) => run.State == RunStates.Interrupted ? run with { State = RunStates.Failed } : run;
}
