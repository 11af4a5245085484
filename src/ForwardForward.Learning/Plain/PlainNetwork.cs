using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Plain;

/// <summary>
/// The Forward-Forward algorithm (Hinton 2022, arXiv 2212.13345) in float64 and plain loops, to be read from top to bottom: this file, then
/// <see cref="PlainLayer"/>, <see cref="PlainOptimizer"/>, <see cref="PlainReadout"/>. Nothing here is fast. What is fast is held against
/// it, step by step.
/// </summary>
/// <remarks>Shapes: B rows of a batch, F features of a row, C classes, U units of a layer; row-major.</remarks>
/// <param name="initialWeights">Of each layer from the bottom up, U x the width of what is below.</param>
internal sealed class PlainNetwork(ExperimentSpec spec, int features, int classes, IReadOnlyList<double[]> initialWeights)
{
    private readonly PlainLayer[] _layers =
    [
        .. initialWeights.Select((weights, l) => new PlainLayer(spec, weights, l == 0 ? features : spec.Layers[l - 1], spec.Layers[l])),
    ];

    private readonly PlainReadout _readout = new(spec, classes, spec.Layers.Skip(First(spec)).Sum());

    /// <summary>From the bottom up.</summary>
    public IReadOnlyList<PlainLayer> Layers => _layers;

    public PlainReadout Readout => _readout;

    /// <summary>One step of all layers on one batch.</summary>
    /// <param name="rows">B rows of F values from 0 to 1, whose first C are the label's.</param>
    /// <param name="labels">The true class of each.</param>
    /// <param name="wrong">
    /// Another class for each: drawn at random, or, as in section 3.3, in proportion to what the readout said of the row ("hard"
    /// negatives).
    /// </param>
    /// <param name="rateFactor">Share of the learning rates: 1 for the first half of the epochs, then falling linearly.</param>
    /// <param name="update">From 1.</param>
    /// <returns>The readout's probabilities, B x C, from before it learned: whence the next hard negatives are drawn.</returns>
    public double[] Step(IReadOnlyList<double[]> rows, byte[] labels, byte[] wrong, double rateFactor, int update)
    {
        // Section 3.3: positive data are pictures with their true label, negative data the same pictures with a wrong one. The neutral rows
        // are for the readout.
        double[][] batch =
        [
            .. rows.Select((row, i) => Labelled(row, labels[i])),
            .. rows.Select((row, i) => Labelled(row, wrong[i])),
            .. rows.Select(Neutral),
        ];

        // Each layer sees the normalized activity of the one below, computed before that one learns: the length of a row, which is its
        // goodness, is taken away, so that the next layer cannot read off what the last one decided (section 2.1). No error ever comes
        // down.
        var x = batch.SelectMany(PlainLayer.Normalized).ToArray();
        var read = new List<double[]>();
        for (var l = 0; l < _layers.Length; l++)
        {
            x = _layers[l].Forward(x);
            _layers[l].Learn(rows.Count, rateFactor, update);
            if (l >= First(spec))
            {
                read.Add(x[(2 * rows.Count * spec.Layers[l])..]);
            }
        }

        var probabilities = _readout.Classify(SideBySide(read, rows.Count)).ToArray();
        _readout.Learn(labels, rateFactor);
        return probabilities;
    }

    /// <summary>The fast test of section 3.3: one pass with the neutral label, and the class that the readout finds likeliest.</summary>
    public int Predict(double[] row)
    {
        var x = PlainLayer.Normalized(Neutral(row));
        var read = new List<double[]>();
        foreach (var layer in _layers)
        {
            read.Add(x = layer.Forward(x));
        }

        var probabilities = _readout.Classify(SideBySide(read[First(spec)..], rows: 1));
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>
    /// The slow test of section 3.3: every label is tried, and the one that the layers find best is the answer. The first layer does not
    /// count.
    /// </summary>
    public int PredictByGoodness(double[] row)
    {
        var goodness = new double[classes];
        for (var label = 0; label < classes; label++)
        {
            var x = PlainLayer.Normalized(Labelled(row, label));
            for (var l = 0; l < _layers.Length; l++)
            {
                x = _layers[l].Forward(x);
                goodness[label] += l >= First(spec) ? _layers[l].Goodness[0] : 0;
            }
        }

        return Array.IndexOf(goodness, goodness.Max());
    }

    // One of C over the first C values.
    private double[] Labelled(double[] row, int label) =>
        [
            .. row.Select(
                (value, i) =>
                    i >= classes ? value
                    : i == label ? 1
                    : 0
            ),
        ];

    // No word on the class: 1/C over the first C values.
    private double[] Neutral(double[] row) => [.. row.Select((value, i) => i >= classes ? value : 1.0 / classes)];

    // What several layers say of the same rows.
    private static double[] SideBySide(IReadOnlyList<double[]> layers, int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(r => layers.SelectMany(y => y.Skip(r * (y.Length / rows)).Take(y.Length / rows)))];

    // The first layer whose units the readout and the goodness test look at.
    private static int First(ExperimentSpec spec) => Math.Min(spec.Readout.FirstLayer, spec.Layers.Count) - 1;
}
