using ForwardForward.Contracts.Experiments;

namespace ForwardForward.Chaos.Recovery;

/// <summary>Where two runs of one spec parted: the state of every stage at every checkpoint, as its SHA-256.</summary>
public static class StateTraces
{
    /// <param name="reference">Must have a trace for every slot that is to be compared; what a run has besides is passed over.</param>
    /// <param name="run">May lack some: a checkpoint that could not be written is no difference.</param>
    /// <returns>The first stage at the lowest slot that differs, in one sentence; null where none does.</returns>
    public static string? FirstDifference(IEnumerable<RunEvent> reference, IEnumerable<RunEvent> run)
    {
        var expected = reference
            .Select(measured => measured.Trace)
            .OfType<StateTrace>()
            .ToDictionary(trace => trace.Slot, trace => trace.Sha256);
        foreach (var found in run.Select(measured => measured.Trace).OfType<StateTrace>().OrderBy(trace => trace.Slot))
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
