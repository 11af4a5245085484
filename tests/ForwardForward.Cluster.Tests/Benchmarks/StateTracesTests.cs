using ForwardForward.Chaos.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Cluster.Tests.Benchmarks;

public sealed class StateTracesTests
{
    private static readonly RunEvent[] Reference = [Trace(99, "a", "b", "c"), Trace(199, "d", "e", "f"), Trace(299, "g", "h", "i")];

    [Fact]
    public void The_same_states_are_no_difference_nor_is_a_checkpoint_that_is_missing_or_was_taken_besides() =>
        Assert.Null(StateTraces.FirstDifference(Reference, [Measured(50), Reference[2], Trace(150, "x", "y", "z"), Reference[0]]));

    [Fact]
    public void The_first_layer_at_the_lowest_slot_that_differs_is_named() =>
        Assert.Equal(
            "The state of layer 2 after slot 199 is the first to differ.",
            StateTraces.FirstDifference(Reference, [Trace(299, "x", "y", "z"), Trace(199, "d", "y", "z"), Reference[0]])
        );

    [Fact]
    public void The_last_stage_is_the_readout() =>
        Assert.Equal(
            "The state of the readout after slot 99 is the first to differ.",
            StateTraces.FirstDifference(Reference, [Trace(99, "a", "b", "x")])
        );

    private static RunEvent Trace(long slot, params string[] sha256) => new(0, 0, null, null, null, new StateTrace(slot, sha256));

    private static RunEvent Measured(long slot) => new(0, 0, new LayerMeasurement(1, slot, 1, 1.5, 0.5, 0.1), 0, null);
}
