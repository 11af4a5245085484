using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Readouts;

/// <summary>The softmax classifier in float64 with plain loops.</summary>
internal sealed class ReferenceReadout(ExperimentSpec spec, int classes, int features)
{
    private double[] _x = [], _p = []; // (N, F), (N, C)

    public double[] Weights { get; } = new double[classes * features]; // (C, F)

    public double[] Average { get; } = new double[classes * features];

    public double[] Classify(double[] x)
    {
        var rows = x.Length / features;
        (_x, _p) = (x, new double[rows * classes]);
        for (var n = 0; n < rows; n++)
        {
            var exponentials = Enumerable.Range(0, classes)
                .Select(c => Math.Exp(Enumerable.Range(0, features).Sum(f => x[(n * features) + f] * Weights[(c * features) + f]))).ToArray();
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
            int c = i / features, f = i % features;
            var gradient = labels.Select((label, n) => ((label == c ? 1 : 0) - _p[(n * classes) + c]) * _x[(n * features) + f]).Sum();
            Average[i] = (momentum * Average[i]) + ((1 - momentum) * gradient / labels.Length);
            Weights[i] += spec.Readout.LearningRate * rateFactor * (Average[i] - (spec.Readout.WeightDecay * Weights[i]));
        }
    }
}
