using ForwardForward.Console.Predictions;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Reports;

/// <param name="Probability">That it gave its answer.</param>
internal sealed record Mistake(int Image, int Label, int Answer, float Probability);

/// <summary>What the newest checkpoint of a run makes of the test images, in one pass with the neutral label.</summary>
/// <param name="Slot">Of the checkpoint.</param>
/// <param name="Counts">Images by true class, then by answer.</param>
/// <param name="Worst">Wrong answers, the surest first.</param>
/// <param name="ReceptiveFields">
/// Weights of first-layer units, those with the largest norm first; none where a unit does not see the whole picture.
/// </param>
/// <param name="Settled">Null where the network has no signals from above.</param>
/// <param name="Convolutional">Null where the network has no convolutional layers.</param>
internal sealed record TestedNetwork(
    long Slot,
    int[,] Counts,
    IReadOnlyList<Mistake> Worst,
    IReadOnlyList<float[]> ReceptiveFields,
    IteratedTest? Settled,
    ConvolutionalView? Convolutional
)
{
    private const int ShownMistakes = 40;
    private const int ShownUnits = 64;

    /// <exception cref="Learning.InvalidInputException">There is no checkpoint that can be used.</exception>
    public static TestedNetwork Test(RunCheckpoint checkpoint, DataSet data)
    {
        using var network = checkpoint.Network();
        var probabilities = network.Predict(data.Test);
        var classes = network.Classes;
        var counts = new int[classes, classes];
        var mistakes = new List<Mistake>();
        for (var image = 0; image < data.Test.Count; image++)
        {
            var own = probabilities.AsSpan(image * classes, classes);
            int label = data.Test.Labels[image],
                answer = 0;
            for (var c = 1; c < classes; c++)
            {
                answer = own[c] > own[answer] ? c : answer;
            }

            counts[label, answer]++;
            if (answer != label)
            {
                mistakes.Add(new Mistake(image, label, answer, own[answer]));
            }
        }

        List<Mistake> worst = [.. mistakes.OrderByDescending(mistake => mistake.Probability).Take(ShownMistakes)];
        return new TestedNetwork(
            checkpoint.Manifest.Slot,
            counts,
            worst,
            Fields(checkpoint, network.Pixels),
            checkpoint.Spec.TopDown.Iterations > 0 ? IteratedTest.Of(network, checkpoint.Spec.TopDown, data.Test) : null,
            ConvolutionalView.Of(checkpoint, network, data.Test, Telling(data.Test.Count, mistakes, worst))
        );
    }

    // The first image that is right, and the worst mistake.
    private static IEnumerable<int> Telling(int images, List<Mistake> mistakes, List<Mistake> worst) =>
        [
            .. Enumerable.Range(0, images).Except(mistakes.Select(mistake => mistake.Image)).Take(1),
            .. worst.Take(1).Select(mistake => mistake.Image),
        ];

    private static List<float[]> Fields(RunCheckpoint checkpoint, int pixels)
    {
        var weights = checkpoint.Stages[0].First(tensor => tensor.Name is "weights" or "weights.1");
        return weights.Columns < pixels
            ? []
            :
            [
                .. weights
                    .ToFloats()
                    .Chunk(weights.Columns)
                    .Select(unit => unit[..pixels])
                    .OrderByDescending(unit => unit.Sum(weight => weight * weight))
                    .Take(ShownUnits)
                    .Select(Visible),
            ];
    }

    // The weights of the label's pixels are many times larger than the others, and would leave those pale.
    private static float[] Visible(float[] unit)
    {
        var full = Math.Max(float.Epsilon, unit.Select(Math.Abs).Order().ElementAt(unit.Length * 97 / 100));
        return Array.ConvertAll(unit, weight => weight / full);
    }
}
