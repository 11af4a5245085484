using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Runs;

/// <summary>What speaks against going on with a run, and what to do instead.</summary>
internal static class Resumption
{
    /// <param name="run">Of a cluster.</param>
    /// <exception cref="InvalidInputException">It is over.</exception>
    public static void RequireUnfinished(RunSummary run)
    {
        RequireUndone(run);
        if (run.State == RunStates.Failed)
        {
            var kept = run.LastCheckpointSlot is { } slot
                ? $"its checkpoint of slot {slot} can still be asked (`ff predict`) and exported (`ff export`)"
                : "it has no checkpoint";
            throw new InvalidInputException(
                $"The run '{run.Run}' {RunPlace.Sentence(run)} has failed and does not go on ({Reason(run)}); {kept}, and `ff "
                    + "train` under another --name begins anew."
            );
        }
    }

    /// <param name="run">Of this machine.</param>
    /// <exception cref="InvalidInputException">It is done, or took no checkpoint to go on from.</exception>
    public static void RequireCheckpoint(RunSummary run)
    {
        RequireUndone(run);
        if (RunFolder.IsInUse(run.Output!) || CheckpointFolder.NewestSlot(Path.Combine(run.Output!, RunFolder.Checkpoints)) is not null)
        {
            return; // one that is running is refused when its folder is taken
        }

        var spec = Path.Combine(run.Output!, RunFolder.SpecFile);
        if (SpecReader.ReadFile(spec).Stream)
        {
            return; // its journal has all that it learned from
        }

        var why = SpecReader.ReadFile(spec).Checkpoint.EverySlots == 0 ? "checkpoint.everySlots is 0, so that it takes none" : WhyNone(run);
        throw new InvalidInputException(
            $"The run '{run.Run}' has no checkpoint to go on from: it is here ({run.Output}), but {why}; {Anew(run)}."
        );
    }

    /// <summary>What begins a run of this machine again.</summary>
    public static string Anew(RunSummary run) =>
        $"`ff train {Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(run.Output!, RunFolder.SpecFile))} "
        + $"--name {RunName.From($"{run.Run}-again")}` begins it anew";

    private static void RequireUndone(RunSummary run)
    {
        if (run.IsDone)
        {
            throw new InvalidInputException($"The run '{run.Run}' is done; there is nothing to go on with.");
        }
    }

    private static string WhyNone(RunSummary run) =>
        run.State == RunStates.Failed
            ? $"it failed before it had taken one ({Reason(run)})"
            : $"it was stopped before it had taken one{(run.Slot > 0 ? $", after slot {run.Slot - 1}" : "")}";

    private static string Reason(RunSummary run) => (run.Error ?? "it did not say why").ReplaceLineEndings(" ").TrimEnd('.');
}
