using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

/// <summary>A layer that several stages have together is the layer that one would be.</summary>
public sealed class ShardTests
{
    private const int Rows = 30, Pixels = 64;
    private static readonly RowLayout Layout = new(10, 10, 10, 0);

    [Theory]
    [InlineData(Precision.Fp32, 1e-5)]
    [InlineData(Precision.Bf16, 0.02)]
    public void Parts_compute_and_learn_what_the_whole_layer_does(Precision precision, double share)
    {
        var spec = Spec(precision) with { PeerNormalization = new PeerNormalizationSpec { Strength = 0 } };
        using WholeLayer whole = Layer(spec with { Shards = [] }), parts = Layer(spec);
        for (var update = 1; update <= 5; update++)
        {
            var slot = Made(update, precision);
            using Activations expected = whole.Rise(slot)[0].Rows!, joined = Slot.Joined(parts.Rise(slot)).Rows!;
            AssertNear(Read(expected), Read(joined), share, "what is sent");
            AssertNear(Goodness(whole.Stages[0]), Goodness(parts.Stages[2]), share, "goodness");
            Assert.Equal(Goodness(parts.Stages[0]), Goodness(parts.Stages[2]));
            var loss = Learn(whole.Stages[0], update).Loss;
            Assert.All(parts.Stages.Select(stage => Learn(stage, update).Loss), one => Assert.Equal(loss, one, share * loss));
        }

        AssertNear(Weights(whole), Weights(parts), share, "weights");
    }

    [Fact]
    public void Every_part_leaves_out_units_of_its_own()
    {
        var spec = Spec(Precision.Fp32) with { Regularization = new RegularizationSpec { Dropout = 0.5 } };
        using var parts = Layer(spec);

        var left = parts.Rise(Made(1, Precision.Fp32)).Select(part => Read(part.Rows!).Select(value => value == 0).ToArray()).ToList();

        Assert.NotEqual(left[0], left[1]);
        Assert.NotEqual(left[1], left[2]);
    }

    [Fact]
    public void The_readout_and_the_goodness_test_look_at_all_parts_of_a_layer()
    {
        var spec = new ExperimentSpec { Layers = [32, 48, 64], Shards = [2, 3, 1] };

        Assert.Equal(6, spec.LayerStages);
        Assert.Equal([2, 3, 4, 5], LayerStage.Featured(spec));
        Assert.Equal([16, 16, 16, 64], Feature.Of(spec).Select(feature => feature.Units));
        Assert.Equal(["1-1", "1-2", "2-1", "2-2", "2-3", "3"], Shard.All(spec).Select(shard => shard.Name));
    }

    [Fact]
    public async Task A_part_that_fails_does_not_leave_the_others_waiting()
    {
        using var parts = Layer(Spec(Precision.Fp32));
        using var narrow = RandomRows.Make(Rows, Pixels - 1, Precision.Fp32);
        var slot = Made(1, Precision.Fp32) with { Rows = narrow };

        var failure = await Assert.ThrowsAsync<AggregateException>(() => Task.Run(() => parts.Rise(slot)).WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Contains(failure.InnerExceptions, inner => inner is ArgumentException);
    }

    [Theory]
    [InlineData(new[] { 2 }, "shards: 1 numbers for 2 layers; expected one each, or an empty list.")]
    [InlineData(new[] { 5, 1 }, "shards[0]: 5 for 32 units; expected at most 64, with as many units each.")]
    public void Layers_that_cannot_be_split_so_are_refused(int[] shards, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidInputException>(() => new SlotPlan(TinyRun.Spec() with { Shards = shards }, 200, 50, 4)).Message);

    [Fact]
    public void Signals_from_above_local_fields_and_backpropagation_have_whole_layers()
    {
        var split = TinyRun.Spec() with { Shards = [2, 1] };
        ExperimentSpec[] refused = [split with { TopDown = new TopDownSpec { Iterations = 5 } }, split with { Local = new LocalSpec { Grid = [1, 1] } }, split with { Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron } }];

        Assert.All(refused, spec => Assert.StartsWith("shards: ", Assert.Throws<InvalidInputException>(() => new SlotPlan(spec, 200, 50, 4)).Message, StringComparison.Ordinal));
    }

    private static ExperimentSpec Spec(Precision precision) => TinyRun.Spec(precision) with { Layers = [48], Shards = [3] };

    private static WholeLayer Layer(ExperimentSpec spec) => WholeLayer.All(spec, Pixels, new SlotPlan(spec, 200, 50, 4), threads: null)[0];

    private static Slot Made(int update, Precision precision) =>
        new() { Index = update, Kind = SlotKind.Train, Epoch = 0, Update = update, Layout = Layout, Rows = RandomRows.Make(Rows, Pixels, precision, key: update) };

    private static LayerStep Learn(LayerStage stage, int update) => stage.Layer.Learn(Layout, [], 1, update);

    private static double[] Goodness(LayerStage stage) => Doubles(stage.Layer.LastGoodness[..Rows]);

    private static double[] Weights(WholeLayer layer) => [.. layer.Stages.SelectMany(stage => Read(stage.Layer.State.First().Value))];
}
