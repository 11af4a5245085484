using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Plain;

/// <summary>
/// One Forward-Forward layer in float64 with plain loops, written from Hinton's formulas (section 2) and independent of the layer that is
/// fast. Where that one keeps a tensor in the run's precision, the value is rounded to it here too: a difference is then an error, not the
/// format.
/// </summary>
/// <remarks>Shapes: R rows, I inputs, U units; row-major.</remarks>
internal sealed class PlainLayer(ExperimentSpec spec, double[] initialWeights, int inputs, int units)
{
    private double[] _x = []; // (R, I)
    private double[] _y = []; // (R, U)
    private double _scale = 1;

    public double[] Weights { get; } = [.. initialWeights]; // (U, I)

    public double[] Bias { get; } = new double[units];

    public PlainOptimizer WeightMoments { get; } = new(spec.Optimizer, units * inputs);

    public PlainOptimizer BiasMoments { get; } = new(spec.Optimizer, units);

    public double[] Means { get; } = [.. Enumerable.Repeat(0.5, units)]; // (U)

    public double[] Goodness { get; private set; } = []; // (R)

    public LayerStep Measured { get; private set; }

    /// <summary>A row without its length: divided by its root mean square. Only its direction goes on (section 2.1).</summary>
    public static double[] Normalized(double[] row)
    {
        var rootMeanSquare = Math.Sqrt((row.Sum(value => value * value) / row.Length) + 1e-30);
        return [.. row.Select(value => value / rootMeanSquare)];
    }

    /// <summary>
    /// y = max(0, x W^T + b), 0 where it is left out, else divided by sqrt(1 - dropout). The goodness of a row is the sum of its y^2
    /// (section 2).
    /// </summary>
    /// <param name="isLeftOut">By row and unit; null: nothing is.</param>
    /// <returns>y / sqrt(mean y^2 + tiny).</returns>
    public double[] Forward(double[] x, Func<int, int, bool>? isLeftOut = null)
    {
        _scale = isLeftOut is null ? 1 : 1 / Math.Sqrt(1 - spec.Regularization.Dropout);
        var rows = x.Length / inputs;
        (_x, _y, Goodness) = (x, new double[rows * units], new double[rows]);
        var normalized = new double[rows * units];
        for (var r = 0; r < rows; r++)
        {
            for (var u = 0; u < units; u++)
            {
                var z = 0.0;
                for (var i = 0; i < inputs; i++)
                {
                    z += x[(r * inputs) + i] * Stored(Weights[(u * inputs) + i]);
                }

                _y[(r * units) + u] = isLeftOut?.Invoke(r, u) == true ? 0 : _scale * Math.Max(0, Stored(z) + Bias[u]);
                Goodness[r] += Math.Pow(_y[(r * units) + u], 2);
            }

            for (var u = 0; u < units; u++)
            {
                normalized[(r * units) + u] = Stored(_y[(r * units) + u] / Math.Sqrt((Goodness[r] / units) + 1e-30));
            }
        }

        return normalized;
    }

    /// <summary>
    /// Learns from the rows that went through last: as many positive ones as there are in a batch, and as many negative ones behind them.
    /// Others may follow.
    /// </summary>
    public void Learn(int batch, double rateFactor, int update)
    {
        var (gradient, biasGradient) = Gradients(batch);
        var rate = spec.Optimizer.LearningRate * rateFactor;
        WeightMoments.Move(Weights, gradient, rate, spec.Optimizer.WeightDecay, batch, update);
        BiasMoments.Move(Bias, biasGradient, rate, 0, batch, update);
    }

    private (double[] Weights, double[] Bias) Gradients(int batch)
    {
        double[] gradient = new double[units * inputs],
            biasGradient = new double[units];
        var pulls = Pulls(batch);
        UpdateMeans(batch);
        var positive = Enumerable.Range(0, inputs).Select(i => Enumerable.Range(0, batch).Sum(r => _x[(r * inputs) + i])).ToArray();
        for (var u = 0; u < units; u++)
        {
            for (var r = 0; r < 2 * batch; r++)
            {
                // d log p / d w = pull * 2 y * x / temperature, of which 2 / temperature is left to the learning rate, as in Hinton's code.
                Add(u, pulls[r] * _scale * _y[(r * units) + u], 1, _x.AsSpan(r * inputs, inputs));
            }

            // Peer normalization, of Hinton's code: units whose mean activity is below the layer's are pulled up, those above it down, so
            // that none is always off. The pull is the same for all positive rows.
            Add(u, spec.PeerNormalization.Strength * (Means.Average() - Means[u]), batch, [.. positive.Select(Stored)]);
        }

        void Add(int u, double local, int times, ReadOnlySpan<double> x)
        {
            biasGradient[u] += local * times;
            for (var i = 0; i < inputs; i++)
            {
                gradient[(u * inputs) + i] += Stored(local) * x[i];
            }
        }

        return ([.. gradient.Select(Stored)], biasGradient);
    }

    /// <summary>
    /// p = sigmoid((g - threshold) / temperature) is how likely a row is positive (section 2, equation 1). The gradient of the right
    /// answer's log p by g is 1 - p for a positive row and -p for a negative one.
    /// </summary>
    private double[] Pulls(int batch)
    {
        var pulls = new double[2 * batch];
        var loss = 0.0;
        for (var r = 0; r < pulls.Length; r++)
        {
            var p = 1 / (1 + Math.Exp(-(Goodness[r] - (spec.Goodness.ThresholdPerUnit * units)) / spec.Goodness.Temperature));
            pulls[r] = r < batch ? 1 - p : -p;
            loss -= Math.Log(r < batch ? p : 1 - p);
        }

        Measured = new LayerStep(Goodness[..batch].Average() / units, Goodness[batch..(2 * batch)].Average() / units, loss / pulls.Length);
        return pulls;
    }

    private void UpdateMeans(int batch)
    {
        for (var u = 0; u < units; u++)
        {
            var mean = Enumerable.Range(0, batch).Average(r => _y[(r * units) + u]);
            Means[u] = (spec.PeerNormalization.Decay * Means[u]) + ((1 - spec.PeerNormalization.Decay) * mean);
        }
    }

    private double Stored(double value) => spec.Precision != Precision.Bf16 ? value : Bf16(value);

    /// <summary>The nearest number with 8 significant bits, the even one of two.</summary>
    public static double Bf16(double value)
    {
        var unit = value == 0 ? 1 : Math.ScaleB(1, Math.ILogB(value) - 7);
        return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
    }
}
