using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Learning.Tests.Layers;
using static ForwardForward.Learning.Tests.Layers.Comparison;

namespace ForwardForward.Learning.Tests.Plugins;

public sealed class OwnPartsTests
{
    private const int Batch = 20;
    private const int Rows = (2 * Batch) + 5;
    private const int Inputs = 30;
    private const int Units = 530;
    private static readonly RowLayout Layout = new(Batch, Batch, 5, 0);

    public OwnPartsTests() => OwnParts.Register();

    [Theory]
    [InlineData(Precision.Fp32, 0, 1e-4)]
    [InlineData(Precision.Fp32, 0.3, 1e-4)]
    [InlineData(Precision.Bf16, 0, 0.03)]
    public void A_goodness_of_the_activity_of_every_unit_teaches_by_its_own_slope(Precision precision, double dropout, double share)
    {
        var spec = Spec(precision) with { Regularization = new RegularizationSpec { Dropout = dropout } };
        AssertAlike(spec, spec with { Goodness = spec.Goodness with { Kind = OwnParts.Goodness } }, share);
    }

    [Theory]
    [InlineData(Precision.Fp32, 1e-5)]
    [InlineData(Precision.Bf16, 0.02)]
    public void An_optimizer_sees_the_mean_gradient_and_moves_the_weights_of_the_next_product(Precision precision, double share)
    {
        var spec = Spec(precision);
        AssertAlike(spec, spec with { Optimizer = spec.Optimizer with { Kind = OwnParts.Optimizer } }, share);
    }

    [Fact]
    public void A_run_with_both_learns_and_goes_on_from_a_snapshot_in_the_same_bytes()
    {
        var tiny = TinyRun.Spec();
        var spec = tiny with
        {
            Goodness = tiny.Goodness with { Kind = OwnParts.Goodness },
            Optimizer = tiny.Optimizer with { Kind = OwnParts.Optimizer },
        };
        using var whole = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(2));
        const long Slot = 10;
        IReadOnlyList<IReadOnlyList<StateTensor>>? kept = null;
        whole.SlotDone += done => kept = done == Slot ? whole.SnapshotAfter(done) : kept;
        var result = whole.Run();
        using var resumed = new SequentialTrainer(spec, TinyRun.Data, new WorkerPool(1));
        resumed.Restore(Slot + 1, kept!);

        Assert.Equal(result.Hash, resumed.Run().Hash);
        Assert.InRange(result.Evaluation.ErrorFast!.Value, 0, 0.3);
        Assert.NotEqual(TinyRun.Train(tiny).Hash, result.Hash);
    }

    [Theory]
    [InlineData(
        "topDown.iterations=3",
        "goodness.kind: 'squaresOfActivity' is made of what every unit does; expected one of the sum of squares where "
            + "topDown.iterations is not 0."
    )]
    [InlineData(
        "shards=2,1",
        "shards: goodness 'squaresOfActivity' is made of what every unit of a layer does; expected an empty list with it."
    )]
    [InlineData("recipe=topDown", "topDown.iterations: 0; expected at least 1, and no backpropagation, where recipe is topDown.")]
    [InlineData(
        "recipe=backpropagation",
        "backpropagation.network: none; expected perceptron or convolutional where recipe is backpropagation."
    )]
    [InlineData(
        "recipe=unsupervised",
        "negatives.kind: 'hard' are wrong labels; expected pictures, as hybrid, where recipe is unsupervised."
    )]
    public void What_cannot_be_together_is_refused_with_a_sentence(string field, string sentence)
    {
        var spec = new ExperimentSpec
        {
            Layers = [8, 8],
            BatchSize = 10,
            Goodness = new GoodnessSpec { Kind = OwnParts.Goodness },
        };
        var refused = Assert.Throws<InvalidInputException>(() => new SlotPlan(SpecReader.Set(spec, [field]), 100, 10, 4));
        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public void A_name_is_taken_once_and_one_that_nobody_knows_is_refused_with_those_that_there_are()
    {
        var taken = Assert.Throws<InvalidInputException>(() => Seams.Goodness.Add("SumOfSquares", (_, _) => null!));
        var odd = Assert.Throws<InvalidInputException>(() => Seams.Goodness.Add("my goodness", (_, _) => null!));
        var unknown = Assert.Throws<InvalidInputException>(() => Seams.Negatives.Get("hart"));

        Assert.Equal("There is a goodness 'SumOfSquares' already, expected another name.", taken.Message);
        Assert.Equal("'my goodness' cannot be the name of a goodness, expected a letter, then letters and digits.", odd.Message);
        Assert.Equal("There is no kind of negatives 'hart', expected one of hard, random, hybrid; did you mean 'hard'?", unknown.Message);
    }

    [Fact]
    public void A_plug_in_is_missing_where_it_is_not_or_is_another_file_and_the_sentence_says_which()
    {
        string first = $"One 1.0.0 {new string('a', 64)}",
            other = $"One 1.1.0 {new string('b', 64)}",
            second = $"Two 2.0.0 {new string('c', 64)}";

        Assert.Null(PluginSet.Missing("", []));
        Assert.Null(PluginSet.Missing($"{first}; {second}", [second, first]));
        Assert.Equal("The plug-in Two 2.0.0 (cccccccccccc) is not there", PluginSet.Missing($"{first}; {second}", [first]));
        Assert.Equal("The plug-in One 1.0.0 (aaaaaaaaaaaa) is there as One 1.1.0 (bbbbbbbbbbbb)", PluginSet.Missing(first, [other]));
    }

    private static ExperimentSpec Spec(Precision precision) =>
        new()
        {
            BatchSize = Batch,
            Precision = precision,
            Optimizer = new OptimizerSpec { LearningRate = 0.02, WeightDecay = 0.01 },
        };

    private static void AssertAlike(ExperimentSpec ours, ExperimentSpec own, double share)
    {
        using var expected = new FFLayer(LayerOptionsOf.Layer(ours, 1, new LayerShape(Inputs, 0, Units), Rows), new WorkerPool(2));
        using var actual = new FFLayer(LayerOptionsOf.Layer(own, 1, new LayerShape(Inputs, 0, Units), Rows), new WorkerPool(2));
        for (var update = 1; update <= 4; update++)
        {
            using var x = RandomRows.Make(Rows, Inputs, ours.Precision, update);
            expected.Forward(x, update).Dispose();
            actual.Forward(x, update).Dispose();
            Assert.Equal(expected.Learn(Layout, 1, update).Loss, actual.Learn(Layout, 1, update).Loss, share * 100);
        }

        var state = Read(actual.State);
        foreach (var (name, value) in Read(expected.State))
        {
            AssertNear(value, state[name], share, name);
        }
    }
}
