namespace ForwardForward.Console.Runs;

/// <summary>A run as <c>runs --json</c> prints it.</summary>
internal static class RunJson
{
    // The contract's states know no interruption: such a run rests at its checkpoint, or did not reach its end, and its error says why.
    public static RunSummary Of(RunSummary run) =>
        run with
        {
            State =
                run.State != RunStates.Interrupted ? run.State
                : run.RestsAtCheckpoint ? RunStates.Paused
                : RunStates.Failed,
            Where = run.Where ?? RunPlace.Here,
        };
}
