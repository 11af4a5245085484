using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class CollapseTests
{
    private const double Chance = 0.8865; // of MNIST's test images: 1,135 of 10,000 are ones
    private static readonly ExperimentSpec Quick = Presets.Get("supervised-quick");

    [Fact]
    public void A_network_whose_goodness_is_0_against_0_and_that_errs_at_chance_is_told_with_what_helps()
    {
        var spec = Quick with { Optimizer = Quick.Optimizer with { LearningRate = 1 } };

        var warnings = Collapse.Of(
            spec,
            Last([Layer(1, 0.8, 0.7), Layer(2, 0, 0), Layer(3, 0, 0)], new Evaluation(6100, 10, 0.902, 0.902))
        );

        Assert.Equal([CollapseKind.DeadUnits, CollapseKind.ErrorAtChance], warnings.Select(warning => warning.Kind));
        Assert.Equal(
            "Layers 2 and 3 are dead: their units answer nothing, goodness 0.000 of positive rows against 0.000 of negative "
                + "ones. What usually helps: a smaller optimizer.learningRate than 1, and peerNormalization.strength above 0, which "
                + "revives units.",
            warnings[0].Sentence
        );
        Assert.StartsWith(
            "The network has learned nothing: the fast test errs on 90.2 % and the goodness test errs on 90.2 % of the test "
                + "images, and naming the most frequent class every time would err on 88.7 %.",
            warnings[1].Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Layers_that_learn_nothing_are_told_although_the_readout_reads_their_random_units()
    {
        var warning = Assert.Single(
            Collapse.Of(Quick, Last([Layer(2, 0.5499, 0.5503, 225), Layer(3, 0.5296, 0.5297, 235)], new Evaluation(6100, 10, 0.131, 0.896)))
        );

        Assert.Equal(CollapseKind.NoSeparation, warning.Kind);
        Assert.Contains(
            "layer 3 has 0.530 of positive rows against 0.530 of negative ones, and the goodness test errs on 89.6 %",
            warning.Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("unsupervised", 500)]
    [InlineData("supervised", 500)]
    public void Goodness_that_does_not_separate_is_told_before_the_first_test(string preset, double loss)
    {
        var spec = Presets.Get(preset);

        var warnings = Collapse.Of(spec, Last([.. Enumerable.Range(1, 4).Select(layer => Layer(layer, 0.501, 0.5, loss))], null));

        Assert.Equal(CollapseKind.NoSeparation, Assert.Single(warnings).Kind);
    }

    public static TheoryData<string> AllPresets => [.. Presets.Names];

    [Theory]
    [MemberData(nameof(AllPresets))]
    public void No_preset_is_warned_of_in_its_first_epoch(string preset)
    {
        var spec = Presets.Get(preset);
        var layers = Enumerable
            .Range(1, StageTopology.Of(spec).Layers)
            .Select(layer => new LayerMeasurement(layer, 500, 1, 0.5, 0.5, 240))
            .ToList();

        Assert.Empty(
            Collapse.Of(spec, Last(layers, new Evaluation(600, 1, 0.9, spec.Negatives.Kind == NegativesKind.Hybrid ? null : 0.9)))
        );
    }

    [Theory]
    [InlineData(0.10, 0.14)]
    [InlineData(0.8, 0.8)]
    [InlineData(0.05, 0.9)]
    public void What_has_learned_something_is_not_warned_of(double fast, double goodness)
    {
        var warnings = Collapse.Of(
            Quick,
            Last([Layer(1, 1.2, 1.0), Layer(2, 1.1, 0.9), Layer(3, 1.0, 0.99, 20)], new Evaluation(6100, 10, fast, goodness))
        );

        Assert.DoesNotContain(warnings, warning => warning.Kind == CollapseKind.ErrorAtChance);
    }

    [Fact]
    public void Chance_is_by_the_class_shares_of_the_test_images()
    {
        byte[] lopsided = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2];
        var spec = Presets.Get("bp-mlp");

        var atChance = Collapse.Of(
            spec,
            new LastMeasured([null], new Evaluation(9000, 20, 0.2, null), Collapse.ErrorOfTheMostFrequent(lopsided), 10_000)
        );
        var better = Collapse.Of(
            spec,
            new LastMeasured([null], new Evaluation(9000, 20, 0.15, null), Collapse.ErrorOfTheMostFrequent(lopsided), 10_000)
        );

        Assert.Equal(0.2, Collapse.ErrorOfTheMostFrequent(lopsided), 12);
        Assert.Equal(CollapseKind.ErrorAtChance, Assert.Single(atChance).Kind);
        Assert.Empty(better);
    }

    [Theory]
    [InlineData(0.254, 0.028, "the readout does not read them well")]
    [InlineData(0.066, 0.446, "does not tell right labels from wrong ones yet")]
    public void Two_tests_that_contradict_each_other_say_what_that_means(double fast, double goodness, string meaning) =>
        Assert.Contains(meaning, TestGap.Sentence(fast, goodness), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0155, 0.0133)]
    [InlineData(0.01, 0.05)]
    [InlineData(0.30, 0.36)]
    [InlineData(0.30, null)]
    public void Tests_that_agree_say_nothing(double? fast, double? goodness) => Assert.Null(TestGap.Sentence(fast, goodness));

    private static LastMeasured Last(IReadOnlyList<LayerMeasurement> layers, Evaluation? test) => new([.. layers], test, Chance, 10_000);

    private static LayerMeasurement Layer(int layer, double positive, double negative, double loss = 500) =>
        new(layer, 6090, 10, positive, negative, loss);
}
