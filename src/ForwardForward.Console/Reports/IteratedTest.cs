using ForwardForward.Learning.Data;
using ForwardForward.Learning.Predictions;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Reports;

/// <summary>A test image that is read otherwise after the iterations than before.</summary>
/// <param name="Taken">What it was taken for before.</param>
/// <param name="Probabilities">Of its own class and of that one, after the pass from below and after every iteration.</param>
internal sealed record SettledImage(int Image, int Label, int Taken, IReadOnlyList<(float Label, float Taken)> Probabilities);

/// <summary>What signals from above change: the readout's answers about the test images, iteration by iteration.</summary>
/// <param name="Errors">Shares of wrong answers: without signals from above, then after every iteration with them.</param>
/// <param name="Settled">Share of wrong answers by the mean of the iterations whose goodness counts.</param>
/// <param name="Images">Some that were wrong at first and right at the end; where there is none, the first ones.</param>
internal sealed record IteratedTest(IReadOnlyList<double> Errors, double Settled, IReadOnlyList<SettledImage> Images)
{
    private const int Shown = 6;

    /// <param name="network">With signals from above.</param>
    /// <param name="counts">The iterations whose goodness counts.</param>
    public static IteratedTest Of(TrainedNetwork network, TopDownSpec counts, LabelledImages test)
    {
        var settled = network.Settle(test);
        var answers = settled.Select(probabilities => Answers(probabilities, network.Classes)).ToList();
        double Error(int[] answer) => answer.Zip(test.Labels).Count(image => image.First != image.Second) / (double)test.Count;
        var counted = settled.Skip(counts.TestFirst).Take(counts.TestLast - counts.TestFirst + 1).ToList();
        var read = Answers(
            [.. Enumerable.Range(0, settled[0].Length).Select(i => counted.Sum(probabilities => probabilities[i]))],
            network.Classes
        );
        var changed = Enumerable
            .Range(0, test.Count)
            .Where(image => answers[0][image] != test.Labels[image] && read[image] == test.Labels[image])
            .Take(Shown)
            .ToList();
        var shown = changed.Count > 0 ? changed : [.. Enumerable.Range(0, Math.Min(Shown, test.Count))];
        return new IteratedTest(
            [.. answers.Select(Error)],
            Error(read),
            [.. shown.Select(image => Image(image, test.Labels[image], answers[0][image], settled, network.Classes))]
        );
    }

    public LineChart ErrorChart() =>
        new(
            "Test error over the iterations",
            "iteration, 0: without signals from above",
            [new Series("error", "series-1", [.. Errors.Select((error, i) => ((double)i, error))])],
            Percent: true
        );

    public static LineChart Course(SettledImage image) =>
        new(
            $"What image {image.Image} is read as over the iterations",
            "iteration",
            [
                new Series($"is a {image.Label}", "series-1", [.. image.Probabilities.Select((p, i) => ((double)i, (double)p.Label))]),
                .. image.Taken == image.Label
                    ? Array.Empty<Series>()
                    :
                    [
                        new Series(
                            $"is a {image.Taken}",
                            "series-2",
                            [.. image.Probabilities.Select((p, i) => ((double)i, (double)p.Taken))],
                            IsDashed: true
                        ),
                    ],
            ],
            Percent: true
        );

    private static SettledImage Image(int image, int label, int taken, IReadOnlyList<float[]> settled, int classes) =>
        new(
            image,
            label,
            taken,
            [.. settled.Select(probabilities => (probabilities[(image * classes) + label], probabilities[(image * classes) + taken]))]
        );

    private static int[] Answers(float[] probabilities, int classes) =>
        [.. probabilities.Chunk(classes).Select(row => Array.IndexOf(row, row.Max()))];
}
