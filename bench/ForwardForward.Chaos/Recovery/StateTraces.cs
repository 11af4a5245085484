using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;

namespace ForwardForward.Chaos.Recovery;

/// <summary>Where two runs of one spec parted: the state of every stage at every checkpoint, as its SHA-256.</summary>
public static class StateTraces
{
    /// <summary>The state of a run on the sequential trainer after a slot; null where no checkpoint is due after it.</summary>
    internal static StateTrace? After(SequentialTrainer trainer, long slot) =>
        trainer.Plan.IsCheckpoint(slot)
            ? new StateTrace(slot, [.. trainer.SnapshotAfter(slot).Select(state => Safetensors.Sha256Of(state, StateTrace.Metadata(slot)))])
            : null;

    /// <inheritdoc cref="FirstDifference(IEnumerable{StateTrace}, IEnumerable{StateTrace})" />
    public static string? FirstDifference(IEnumerable<RunEvent> reference, IEnumerable<RunEvent> run) =>
        FirstDifference(
            reference.Select(measured => measured.Trace).OfType<StateTrace>(),
            run.Select(measured => measured.Trace).OfType<StateTrace>()
        );

    /// <param name="reference">Must have a trace for every slot that is to be compared; what a run has besides is passed over.</param>
    /// <param name="run">May lack some: a checkpoint that could not be written is no difference.</param>
    /// <returns>The first stage at the lowest slot that differs, in one sentence; null where none does.</returns>
    public static string? FirstDifference(IEnumerable<StateTrace> reference, IEnumerable<StateTrace> run)
    {
        var expected = reference.ToDictionary(trace => trace.Slot, trace => trace.Sha256);
        foreach (var found in run.OrderBy(trace => trace.Slot))
        {
            if (expected.TryGetValue(found.Slot, out var states) && !states.SequenceEqual(found.Sha256))
            {
                var stage = states.Zip(found.Sha256).TakeWhile(both => both.First == both.Second).Count();
                return $"The state of {(stage < states.Count - 1 ? $"layer {stage + 1}" : "the readout")} after slot {found.Slot} is "
                    + "the first to differ.";
            }
        }

        return null;
    }
}
