using ForwardForward.Chaos.Recovery;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Cluster.Tests.Benchmarks;

public sealed class RunLedgerTests
{
    private static readonly RunEvent[] Reference =
    [
        Layer(1, 9),
        Layer(2, 9),
        Layer(1, 19),
        Layer(2, 19),
        Evaluated(24),
        Layer(1, 29),
        Layer(2, 29),
    ];

    [Fact]
    public void The_same_measurements_in_the_order_of_a_pipeline_are_no_difference() =>
        Assert.Equal((0, 0, null), Compare([.. Reference.OrderBy(e => e.Layer?.Layer ?? 3)]));

    [Fact]
    public void When_something_was_measured_does_not_matter() =>
        Assert.Equal((0, 0, null), Compare(Reference.Select(e => e with { Sequence = 7, Seconds = 3, InboxDepth = 2 })));

    [Fact]
    public void What_is_missing_is_lost_and_the_lowest_slot_is_named() =>
        Assert.Equal(
            (2, 0, "The measurement of layer 2 at slot 19 is missing."),
            Compare(Reference.Where(e => e.Layer is not { Layer: 2, Slot: > 9 }))
        );

    [Fact]
    public void What_is_there_again_is_doubled_once_for_each_time() =>
        Assert.Equal((0, 2, "The evaluation at slot 24 is there 3 times."), Compare([.. Reference, Evaluated(24), Evaluated(24)]));

    [Fact]
    public void What_has_another_value_is_doubled()
    {
        var difference = Compare(
            Reference.Select(e => e.Layer is { Layer: 1, Slot: 19 } layer ? e with { Layer = layer with { Loss = 0.25 } } : e)
        );
        Assert.Equal((0, 1), (difference.Lost, difference.Doubled));
        Assert.StartsWith("The measurement of layer 1 at slot 19 is LayerMeasurement", difference.First, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_reference_does_not_have_is_doubled() =>
        Assert.Equal((0, 1, "The measurement of layer 1 at slot 14 was not expected."), Compare([.. Reference, Layer(1, 14)]));

    private static (int Lost, int Doubled, string? First) Compare(IEnumerable<RunEvent> run)
    {
        var difference = RunLedger.Compare(Reference, run);
        return (difference.Lost, difference.Doubled, difference.Sentences is [var first, ..] ? first : null);
    }

    private static RunEvent Layer(int layer, long slot) => new(0, 0, new LayerMeasurement(layer, slot, 1, 1.5, 0.5, 0.1), 0, null);

    private static RunEvent Evaluated(long slot) => new(0, 0, null, null, new Evaluation(slot, 1, 0.25, null));
}
