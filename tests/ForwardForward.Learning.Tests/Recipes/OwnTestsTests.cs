using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Convolutions;

namespace ForwardForward.Learning.Tests.Recipes;

/// <summary>What a layer alone errs on is what the network errs on where that layer alone counts.</summary>
public sealed class OwnTestsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_a_layer_that_alone_counts_it_is_the_goodness_test(int counting)
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 4,
            Readout = new ReadoutSpec { FirstLayer = counting, LastLayer = counting },
        };

        var evaluation = TinyRun.Train(spec).Evaluation;

        Assert.Equal(counting, evaluation.OwnErrors.Count); // those above a layer that counts do not matter
        Assert.Equal(evaluation.ErrorGoodness, evaluation.OwnErrors[^1]);
    }

    [Fact]
    public void It_is_tested_with_the_goodness_and_not_with_the_fast_test_alone()
    {
        var spec = TinyRun.Spec() with
        {
            Epochs = 3,
            Evaluation = new EvaluationSpec { FastEvery = 1, GoodnessEvery = 2 },
        };
        var evaluations = new List<Evaluation>();
        using var trainer = new SequentialTrainer(spec, TinyRun.Data, new(1));
        trainer.Evaluated += evaluations.Add;

        trainer.Run();

        Assert.Equal([0, 2, 2], evaluations.Select(evaluation => evaluation.OwnErrors.Count));
    }

    [Theory]
    [InlineData(new[] { 4, 1 }, new int[0])]
    [InlineData(new int[0], new[] { 5, 2 })]
    public void It_is_of_the_whole_layer_whatever_parts_that_has(int[] shards, int[] replicas)
    {
        var spec = TinyRun.Spec() with
        {
            Shards = shards,
            Replicas = replicas,
            Epochs = 4,
            Readout = new ReadoutSpec { FirstLayer = 2 },
        };

        var evaluation = TinyRun.Train(spec).Evaluation;

        Assert.Equal(2, evaluation.OwnErrors.Count);
        Assert.Equal(evaluation.ErrorGoodness, evaluation.OwnErrors[1]);
        Assert.InRange(evaluation.OwnErrors[0], 0, 0.75);
    }

    [Fact]
    public void Convolutional_layers_tell_the_class_in_the_one_pass_that_there_is()
    {
        var spec = TinyConvolutions.ByName["competing"] with { Readout = new ReadoutSpec { FirstLayer = 2 } };

        var evaluation = TinyRun.Train(spec).Evaluation;

        Assert.Equal(2, evaluation.OwnErrors.Count);
        Assert.Equal(evaluation.ErrorFast, evaluation.OwnErrors[1]);
        Assert.InRange(evaluation.OwnErrors[0], 0, 0.75);
    }

    [Fact]
    public void Layers_that_know_no_class_have_none() =>
        Assert.Empty(
            TinyRun
                .Train(
                    TinyRun.Spec() with
                    {
                        Epochs = 1,
                        Negatives = new NegativesSpec { Kind = NegativesKind.Hybrid },
                    }
                )
                .Evaluation.OwnErrors
        );
}
