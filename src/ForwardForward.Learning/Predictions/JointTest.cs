using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Learning.Predictions;

/// <summary>
/// The two tests of a network with labels in its pictures as one: an image is of the class that the readout and goodness favour together.
/// It costs no more than both, and no weight knows of it.
/// </summary>
internal static class JointTest
{
    /// <summary>
    /// How much goodness counts beside the readout. Ten labels of which one stands out are then up to 9.5 apart, about as far as the
    /// readout's logits.
    /// </summary>
    public const double Weight = 3;

    /// <param name="network">With labels in its pictures.</param>
    /// <param name="test">With their true labels.</param>
    /// <returns>Share of wrong answers.</returns>
    /// <exception cref="InvalidInputException">
    /// The network was not trained with labels in its pictures, or the images are of another size.
    /// </exception>
    public static double Error(TrainedNetwork network, LabelledImages test)
    {
        var (classes, probabilities, goodness) = (network.Classes, network.Predict(test), network.Goodness(test));
        return Enumerable
                .Range(0, test.Count)
                .Count(image =>
                    Answer(probabilities.AsSpan(image * classes, classes), goodness.AsSpan(image * classes, classes)) != test.Labels[image]
                ) / (double)test.Count;
    }

    /// <summary>argmax over c of ln p(c) + <see cref="Weight"/> (g(c) - mean g) / (standard deviation of g).</summary>
    /// <param name="probabilities">p, by the readout; one per class.</param>
    /// <param name="goodness">g, of the image with each label.</param>
    /// <returns>The first of equals; the readout's where all labels have the same goodness.</returns>
    public static int Answer(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> goodness)
    {
        var (scores, unit) = (new double[goodness.Length], Unit(goodness));
        Score(probabilities, goodness, unit, scores);
        return scores.AsSpan().IndexOf(scores.Max());
    }

    /// <summary>
    /// What both tests together say of an image, as probabilities whose greatest is that of <see cref="Answer"/>: the geometric mean of the
    /// readout's and of what goodness would say alone, so that two tests that agree are no surer than each; the readout's where all labels
    /// have the same goodness.
    /// </summary>
    /// <param name="probabilities">By the readout; one per class. The answer takes their place.</param>
    /// <param name="goodness">Of the image with each label.</param>
    public static void Join(Span<float> probabilities, ReadOnlySpan<float> goodness)
    {
        var (scores, unit) = (new double[goodness.Length], Unit(goodness));
        if (unit == 0)
        {
            return;
        }

        Score(probabilities, goodness, unit, scores);
        var (most, sum) = (scores.Max(), 0.0);
        for (var c = 0; c < scores.Length; c++)
        {
            sum += scores[c] = Series.Exp((scores[c] - most) / 2);
        }

        for (var c = 0; c < scores.Length; c++)
        {
            probabilities[c] = (float)(scores[c] / sum);
        }
    }

    private static void Score(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> goodness, double unit, Span<double> scores)
    {
        for (var c = 0; c < goodness.Length; c++)
        {
            scores[c] = Series.Log(Math.Max(probabilities[c], float.Epsilon)) + (unit == 0 ? 0 : unit * goodness[c]);
        }
    }

    // What a step of goodness is worth; 0 where it tells no label from another.
    private static double Unit(ReadOnlySpan<float> goodness)
    {
        double mean = 0,
            squares = 0;
        foreach (var one in goodness)
        {
            mean += one / (double)goodness.Length;
        }

        foreach (var one in goodness)
        {
            squares += (one - mean) * (one - mean);
        }

        return squares > 0 ? Weight / Math.Sqrt(squares / (goodness.Length - 1)) : 0;
    }
}
