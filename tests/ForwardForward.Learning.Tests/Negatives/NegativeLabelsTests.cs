using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Negatives;

namespace ForwardForward.Learning.Tests.Recipes;

public sealed class NegativeLabelsTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0, new[] { 0, 0.4, 0.4, 0.2 })]
    [InlineData(2, new[] { 0.625, 0.25, 0, 0.125 })]
    [InlineData(3, new[] { 5.0 / 9, 2.0 / 9, 2.0 / 9, 0 })]
    public void Hard_labels_come_in_proportion_to_their_probabilities(int trueClass, double[] expected)
    {
        float[] probabilities = [0.5f, 0.2f, 0.2f, 0.1f];
        AssertShares(expected, (ref KeyedRandom random) => NegativeLabels.Hard(trueClass, probabilities, ref random));
    }

    [Fact]
    public void A_hard_label_without_a_probability_is_never_drawn() =>
        AssertShares([0, 0, 1, 0], (ref KeyedRandom random) => NegativeLabels.Hard(1, [0, 0.5f, 0.5f, 0], ref random));

    [Theory]
    [InlineData(new[] { 0, 1f, 0 })]
    [InlineData(new[] { 1e-38f, 1f, 0 })]
    [InlineData(new[] { float.NaN, float.NaN, float.NaN })]
    public void A_readout_that_leaves_nothing_to_wrong_labels_gets_all_of_them_alike(float[] probabilities) =>
        AssertShares([0.5, 0, 0.5], (ref KeyedRandom random) => NegativeLabels.Hard(1, probabilities, ref random));

    [Theory]
    [InlineData(0, new[] { 0, 0.25, 0.25, 0.25, 0.25 })]
    [InlineData(2, new[] { 0.25, 0.25, 0, 0.25, 0.25 })]
    [InlineData(4, new[] { 0.25, 0.25, 0.25, 0.25, 0 })]
    public void Random_labels_are_all_wrong_labels_alike(int trueClass, double[] expected) =>
        AssertShares(expected, (ref KeyedRandom random) => NegativeLabels.Random(trueClass, 5, ref random));

    [Fact]
    public void A_draw_depends_on_nothing_but_its_key()
    {
        KeyedRandom a = new(1, RandomPurpose.NegativeLabels, 0, 9),
            b = new(1, RandomPurpose.NegativeLabels, 0, 9);
        var first = Enumerable.Range(0, 50).Select(_ => NegativeLabels.Random(3, 10, ref a)).ToList();
        var second = Enumerable.Range(0, 50).Select(_ => NegativeLabels.Random(3, 10, ref b)).ToList();
        Assert.Equal(first, second);
    }

    private delegate byte Label(ref KeyedRandom random);

    private static void AssertShares(double[] expected, Label draw)
    {
        var random = new KeyedRandom(1, RandomPurpose.NegativeLabels, 0, 0);
        var counts = new int[expected.Length];
        for (var i = 0; i < Draws; i++)
        {
            counts[draw(ref random)]++;
        }

        for (var label = 0; label < counts.Length; label++)
        {
            Assert.Equal(expected[label], counts[label] / (double)Draws, expected[label] is 0 or 1 ? 0 : 0.008);
        }
    }
}
