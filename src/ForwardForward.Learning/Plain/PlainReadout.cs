using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Plain;

/// <summary>
/// The softmax that reads the normalized activity of the layers that count (section 3.3), in float64 with plain loops. It learns by the
/// ordinary gradient of log p(label); nothing of that reaches the layers.
/// </summary>
internal sealed class PlainReadout(ExperimentSpec spec, int classes, int features)
{
    private double[] _x = []; // (N, F)
    private double[] _p = []; // (N, C)

    public double[] Weights { get; } = new double[classes * features]; // (C, F)

    public double[] Average { get; } = new double[classes * features];

    /// <summary>Class probabilities, N x C.</summary>
    public double[] Classify(double[] x)
    {
        var rows = x.Length / features;
        (_x, _p) = (x, new double[rows * classes]);
        for (var n = 0; n < rows; n++)
        {
            var exponentials = Enumerable.Range(0, classes).Select(c => Math.Exp(Logit(n, c))).ToArray();
            for (var c = 0; c < classes; c++)
            {
                _p[(n * classes) + c] = exponentials[c] / exponentials.Sum();
            }
        }

        return _p;
    }

    /// <summary>v = momentum v + (1 - momentum) gradient / N; w += rate (v - decay w).</summary>
    public void Learn(byte[] labels, double rateFactor)
    {
        var momentum = spec.Optimizer.Momentum;
        for (var i = 0; i < Weights.Length; i++)
        {
            int c = i / features,
                f = i % features;
            var gradient = labels.Select((label, n) => ((label == c ? 1 : 0) - _p[(n * classes) + c]) * _x[(n * features) + f]).Sum();
            Average[i] = (momentum * Average[i]) + ((1 - momentum) * gradient / labels.Length);
            Weights[i] += spec.Readout.LearningRate * rateFactor * (Average[i] - (spec.Readout.WeightDecay * Weights[i]));
        }
    }

    private double Logit(int n, int c) => Enumerable.Range(0, features).Sum(f => _x[(n * features) + f] * Weights[(c * features) + f]);
}
