using System.Runtime.InteropServices;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class StagesTests
{
    private static readonly SlotPlan Plan = new(TinyRun.Spec(), 200, 50, classes: 4);

    [Theory]
    [InlineData(4, 2, new[] { 1, 2, 3 })]
    [InlineData(3, 1, new[] { 0, 1, 2 })]
    [InlineData(1, 2, new[] { 0 })]
    [InlineData(2, 64, new[] { 1 })]
    public void The_readout_looks_at_the_layers_from_the_first_one_named(int layers, int first, int[] expected)
    {
        var spec = TinyRun.Spec() with
        {
            Layers = [.. Enumerable.Repeat(8, layers)],
            Readout = new ReadoutSpec { FirstLayer = first },
        };
        Assert.Equal(expected, StageTopology.Of(spec).Featured);
    }

    [Fact]
    public void Goodness_of_candidates_is_summed_over_the_layers_that_count()
    {
        var spec = TinyRun.Spec() with { Layers = [6, 6, 6] };
        var (network, plan) = (Recipe.Of(spec).Network, new SlotPlan(spec, 200, 50, classes: 4));
        using LayerSlotHandler first = network.Stage(0, 8, plan),
            second = network.Stage(1, 8, plan),
            third = network.Stage(2, 8, plan);
        using FFLayer bottom = new(LayerOptionsOf.Layer(spec, 0, new LayerShape(8, 0, 6), 8)),
            middle = new(LayerOptionsOf.Layer(spec, 1, new LayerShape(6, 0, 6), 8)),
            top = new(LayerOptionsOf.Layer(spec, 2, new LayerShape(6, 0, 6), 8));
        var slot = Candidates(2);
        var summed = third.Rise(second.Rise(first.Rise(slot))).CandidateGoodness;
        using Activations one = bottom.Forward(slot.Rows!),
            two = middle.Forward(one),
            three = top.Forward(two);

        var expected = Enumerable.Range(0, 8).Select(i => middle.LastGoodness[i] + top.LastGoodness[i]);
        Assert.Equal(expected, summed);
    }

    [Fact]
    public void The_label_above_the_top_layer_is_as_loud_as_the_spec_says()
    {
        using var labels = RecurrentLayerStage.Labels([2, 0], 4, new TopDownSpec { LabelStrength = 3 }, Precision.Fp32);

        Assert.Equal([0, 0, 6, 0, 6, 0, 0, 0], MemoryMarshal.Cast<byte, float>(labels.Bytes).ToArray()); // root mean square 3
    }

    [Fact]
    public void The_readout_gets_the_neutral_rows_alone()
    {
        using var rows = RandomRows.Make(9, 5, Precision.Fp32);
        var slot = Candidates(0) with { Layout = new RowLayout(2, 2, 3, 2), Rows = rows };
        using var neutral = LayerSlotHandler.Features(slot).Rows!;

        Assert.Equal(Comparison.Read(rows)[20..35], Comparison.Read(neutral));
        Assert.Null(LayerSlotHandler.Features(slot with { Layout = new RowLayout(2, 2, 0, 5) }).Rows);
    }

    [Fact]
    public void Both_tests_count_their_wrong_answers_over_the_slots_of_one_evaluation()
    {
        using var readout = new ReadoutSlotHandler(TinyRun.Spec(), Plan, TinyRun.Data.Train.PixelsPerImage);
        var slot = Candidates(2) with { CandidateGoodness = [0, 1, 2, 3, 5, 5, 5, 5], Rows = null };

        Assert.Null(readout.Process([slot with { Labels = [3, 1] }]).Evaluation); // right; equals go to the first, so wrong
        Assert.Equal(0.25, readout.Process([slot with { Labels = [3, 0], EndsEvaluation = true }]).Evaluation!.ErrorGoodness);
        Assert.Equal(1, readout.Process([slot with { Labels = [0, 1], EndsEvaluation = true }]).Evaluation!.ErrorGoodness);
    }

    private static Slot Candidates(int images) =>
        new()
        {
            Index = 0,
            Kind = SlotKind.Evaluate,
            Epoch = 0,
            Layout = new RowLayout(0, 0, 0, images * 4),
            Rows = images == 0 ? null : RandomRows.Make(images * 4, 8, Precision.Fp32),
        };
}
