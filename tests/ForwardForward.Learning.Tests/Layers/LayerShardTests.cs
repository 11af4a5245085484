using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Layers;

/// <summary>A layer that several stages have together is the layer that one would be.</summary>
public sealed class LayerShardTests
{
    private const int Rows = 30;
    private const int Pixels = 64;
    private static readonly RowLayout Layout = new(10, 10, 10, 0);

    [Theory]
    [InlineData(Precision.Fp32, 1e-5)]
    [InlineData(Precision.Bf16, 0.02)]
    public void Shards_compute_and_learn_what_the_whole_layer_does(Precision precision, double share)
    {
        var spec = Split(precision) with { PeerNormalization = new PeerNormalizationSpec { Strength = 0 } };
        using InProcessLayer whole = Layer(spec with { Shards = [] }),
            parts = Layer(spec);
        for (var update = 1; update <= 5; update++)
        {
            AssertSameStep(whole, parts, update, precision, share);
            AssertNear(Goodness(whole.Stages[0]), Goodness(parts.Stages[2]), share, "goodness");
            Assert.Equal(Goodness(parts.Stages[0]), Goodness(parts.Stages[2]));
        }

        AssertNear(Weights(whole.Stages), Weights(parts.Stages), share, "weights");
    }

    [Theory]
    [InlineData(Precision.Fp32, OptimizerKind.AveragedGradient, 1e-5)]
    [InlineData(Precision.Fp32, OptimizerKind.Adam, 1e-2)]
    [InlineData(Precision.Bf16, OptimizerKind.AveragedGradient, 0.02)]
    public void Replicas_compute_and_learn_what_the_whole_layer_does_and_stay_alike(Precision precision, string optimizer, double share)
    {
        var spec = Split(precision) with
        {
            Shards = [],
            Replicas = [2],
            Optimizer = new OptimizerSpec { Kind = optimizer, LearningRate = 0.01 },
        };
        using InProcessLayer whole = Layer(spec with { Replicas = [] }),
            parts = Layer(spec);
        for (var update = 1; update <= 5; update++)
        {
            AssertSameStep(whole, parts, update, precision, share);
        }

        AssertNear(Weights(whole.Stages), Weights([parts.Stages[0]]), share, "weights");
        Assert.Equal(parts.Stages[0].Digest(), parts.Stages[1].Digest());
    }

    [Fact]
    public void A_slot_that_replicas_share_is_put_together_as_it_was()
    {
        var slot = Made(1, Precision.Fp32) with
        {
            Layout = new RowLayout(6, 6, 6, 12),
            Labels = [.. Enumerable.Range(0, 9).Select(label => (byte)label)], // of 6 neutral rows and 3 images, four candidates each
            CandidateGoodness = [.. Enumerable.Range(0, 12).Select(row => (float)row)],
        };
        LayerShard[] replicas = [new(0, 0, 2, true), new(0, 1, 2, true)];

        var parts = replicas.Select(replica => SlotParts.Of(slot, replica)).ToList();
        var layouts = parts.ConvertAll(part => part.Layout);
        var joined = SlotParts.Joined(parts);

        Assert.Equal([new RowLayout(3, 3, 3, 4), new RowLayout(3, 3, 3, 8)], layouts);
        Assert.Equal(slot.Layout, joined.Layout);
        Assert.Equal(slot.Labels, joined.Labels);
        Assert.Equal(slot.CandidateGoodness, joined.CandidateGoodness);
        Assert.Equal(Read(slot.Rows!), Read(joined.Rows!));
    }

    [Fact]
    public void Every_part_leaves_out_units_of_its_own()
    {
        var spec = Split(Precision.Fp32) with { Regularization = new RegularizationSpec { Dropout = 0.5 } };
        using var parts = Layer(spec);

        using var rows = parts.Pass(Made(1, Precision.Fp32)).Up.Rows!;

        var left = Read(rows).Take(48).Select(value => value == 0).Chunk(16).ToList();
        Assert.NotEqual(left[0], left[1]);
        Assert.NotEqual(left[1], left[2]);
    }

    [Fact]
    public void Every_part_of_a_layer_is_a_stage_of_its_own()
    {
        var spec = new ExperimentSpec { Layers = [32, 48, 64], Shards = [2, 3, 1] };

        Assert.Equal(6, StageTopology.Of(spec).Parts.Count);
        Assert.Equal([1, 2], StageTopology.Of(spec).Featured);
        Assert.Equal([2, 3, 4], StageTopology.Of(spec).StagesOf(1));
        Assert.Equal(["1-1", "1-2", "2-1", "2-2", "2-3", "3"], StageTopology.Of(spec).Parts.Select(part => part.Name));
    }

    [Fact]
    public async Task A_part_that_fails_does_not_leave_the_others_waiting()
    {
        using var parts = Layer(Split(Precision.Fp32));
        using var narrow = RandomRows.Make(Rows, Pixels - 1, Precision.Fp32);
        var slot = Made(1, Precision.Fp32) with { Rows = narrow };

        await Assert.ThrowsAsync<ArgumentException>(() => Task.Run(() => parts.Pass(slot).Up).WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Where_one_part_fails_the_layer_fails_as_it_did()
    {
        using var meeting = new InProcessAllReduce(2);
        var waiting = Record.ExceptionAsync(() => Task.Run(() => meeting.Seat(0).Sum([1f])));

        meeting.Leave(new FormatException("It is no number."));

        Assert.Equal("It is no number.", Assert.IsType<FormatException>(await waiting).Message);
    }

    [Theory]
    [InlineData(new[] { 2 }, new int[0], "shards: 1 numbers for 2 layers; expected one each, or an empty list.")]
    [InlineData(new[] { 5, 1 }, new int[0], "shards[0]: 5 for 32 units; expected at most 64, with as many each.")]
    [InlineData(new int[0], new[] { 1, 3 }, "replicas[1]: 3 for 10 images a batch; expected at most 64, with as many each.")]
    [InlineData(new[] { 1, 2 }, new[] { 1, 2 }, "shards, replicas: layer 2 has both; expected 1 of one of them.")]
    public void Layers_that_cannot_be_shared_so_are_refused(int[] shards, int[] replicas, string sentence) =>
        Assert.Equal(
            sentence,
            Assert
                .Throws<InvalidInputException>(() => new SlotPlan(TinyRun.Spec() with { Shards = shards, Replicas = replicas }, 200, 50, 4))
                .Message
        );

    [Fact]
    public void Signals_from_above_local_fields_and_backpropagation_have_whole_layers()
    {
        var split = TinyRun.Spec() with { Replicas = [2, 1] };
        ExperimentSpec[] refused =
        [
            split with
            {
                TopDown = new TopDownSpec { Iterations = 5 },
            },
            split with
            {
                Local = new LocalSpec { Grid = [1, 1] },
            },
            split with
            {
                Backpropagation = new BackpropagationSpec { Network = NetworkKind.Perceptron },
            },
        ];

        Assert.All(
            refused,
            spec =>
                Assert.StartsWith(
                    "replicas: ",
                    Assert.Throws<InvalidInputException>(() => new SlotPlan(spec, 200, 50, 4)).Message,
                    StringComparison.Ordinal
                )
        );
    }

    private static void AssertSameStep(InProcessLayer whole, InProcessLayer parts, int update, Precision precision, double share)
    {
        var slot = Made(update, precision);
        using Activations expected = whole.Pass(slot).Up.Rows!,
            joined = parts.Pass(slot).Up.Rows!;
        AssertNear(Read(expected), Read(joined), share, "what is sent");
        var (loss, losses) = (whole.Learn(slot)!.Loss, parts.Learn(slot)!.Loss);
        Assert.Equal(loss, losses, share * loss);
    }

    private static ExperimentSpec Split(Precision precision) => TinyRun.Spec(precision) with { Layers = [48], Shards = [3] };

    // Measured after every slot.
    private static InProcessLayer Layer(ExperimentSpec spec) => InProcessLayer.All(Pixels, new SlotPlan(spec, 20, 50, 4), threads: null)[0];

    private static Slot Made(int update, Precision precision) =>
        new()
        {
            Index = update,
            Kind = SlotKind.Train,
            Epoch = 0,
            Update = update,
            Layout = Layout,
            Rows = RandomRows.Make(Rows, Pixels, precision, key: update),
        };

    private static double[] Goodness(LayerSlotHandler stage) => Doubles(stage.Layer.LastGoodness[..Rows]);

    private static double[] Weights(IEnumerable<LayerSlotHandler> stages) =>
        [.. stages.SelectMany(stage => Read(stage.Layer.State.First().Value))];
}
