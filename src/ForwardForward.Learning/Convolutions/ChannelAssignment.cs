using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// Which classes each channel speaks for, learned with the layer (CAW-Conv, 2026): goodness of a class is a sum over all channels of their
/// activity times their weight for the class, and a channel's weights are a softmax over the classes, at a temperature that is learned too
/// and falls from epoch to epoch. Channels need not be a multiple of the classes.
/// </summary>
/// <remarks>
/// Shapes: U channels, C classes, N pictures. The paper's third penalty, on alike columns, is left out: its weight is 0.001 / (C^2 U).
/// </remarks>
internal sealed class ChannelAssignment : IDisposable
{
    /// <summary>Share of the target that all classes have alike.</summary>
    public const double Smoothing = 0.1;

    public const string Scores = "assignment";
    public const string Heat = "assignment.heat";
    public const string Epoch = "assignment.epoch";

    private const double Start = 0.5;
    public const double Hottest = 100;
    public const double Coldest = 0.1;
    public const double KeptEachEpoch = 0.995;
    public const double Spread = 0.01; // weight of the entropy of who speaks for a class
    private readonly ConvolutionShape _shape;
    private readonly int _updates;
    private readonly Elementary _elementary;
    private readonly Matrix _scores; // (U, C)
    private readonly Matrix _heat = new(1, 1, ScalarType.Float32); // log of the temperature
    private readonly Matrix _epoch = new(1, 1, ScalarType.Float32); // that the temperature has fallen for
    private readonly IParameterUpdate[] _learned;
    private readonly float[] _byHeat = new float[1];

    public ChannelAssignment(ConvolutionOptions options)
    {
        (_shape, _updates, _elementary) = (options.Shape, Math.Max(1, options.UpdatesPerEpoch), options.Elementary);
        _scores = new Matrix(_shape.Channels, _shape.Classes, ScalarType.Float32);
        _scores.RowSpan<float>(0, _scores.Rows).Fill((float)Start);
        _heat.Row<float>(0)[0] = (float)_elementary.Log(10);
        (Weights, Gradient) = (new double[_shape.Channels * _shape.Classes], new float[_shape.Channels * _shape.Classes]);
        _learned =
        [
            new Parameter(Scores, _scores, null, (float)options.Optimizer.WeightDecay).Update(options.Optimizer),
            new Parameter(Heat, _heat, null, 0).Update(options.Optimizer),
        ];
        Weigh();
    }

    public IEnumerable<(string Name, Matrix Value)> State =>
        [(Scores, _scores), (Heat, _heat), (Epoch, _epoch), .. _learned.SelectMany(update => update.State)];

    /// <summary>What is needed to tell goodness.</summary>
    public static IReadOnlyList<string> Names { get; } = [Scores, Heat, Epoch];

    /// <summary>Of every channel for every class, U x C.</summary>
    public double[] Weights { get; }

    /// <summary>Sum over the batch of the gradient by the scores, uphill, U x C.</summary>
    public float[] Gradient { get; }

    /// <summary>The same by the log of the temperature.</summary>
    public Span<float> ByHeat => _byHeat;

    private double Kept => _elementary.Power(KeptEachEpoch, _epoch.Row<float>(0)[0]);

    private double Temperature => Math.Clamp(_elementary.Exp(_heat.Row<float>(0)[0]), Coldest, Hottest) * Kept;

    /// <summary>Makes the weights of the state as it is now.</summary>
    public void Weigh()
    {
        var (classes, temperature) = (_shape.Classes, Temperature);
        for (var c = 0; c < _shape.Channels; c++)
        {
            var scores = _scores.Row<float>(c);
            var weights = Weights.AsSpan(c * classes, classes);
            double greatest = scores[0],
                sum = 0;
            foreach (var score in scores)
            {
                greatest = Math.Max(greatest, score);
            }

            for (var k = 0; k < classes; k++)
            {
                sum += weights[k] = _elementary.Exp((scores[k] - greatest) / temperature);
            }

            foreach (ref var weight in weights)
            {
                weight /= sum;
            }
        }
    }

    /// <summary>Goodness of each class in one picture.</summary>
    /// <param name="spoken">What its channels say, U.</param>
    public void Goodness(ReadOnlySpan<float> spoken, Span<float> goodness)
    {
        for (var k = 0; k < goodness.Length; k++)
        {
            double sum = 0;
            for (var c = 0; c < spoken.Length; c++)
            {
                sum += spoken[c] * Weights[(c * goodness.Length) + k];
            }

            goodness[k] = (float)sum;
        }
    }

    /// <summary>What the log likelihood rises with, of each channel of a picture.</summary>
    /// <param name="pulls">Of the goodness of each class.</param>
    public void Pulls(ReadOnlySpan<float> pulls, Span<float> spoken)
    {
        for (var c = 0; c < spoken.Length; c++)
        {
            double sum = 0;
            for (var k = 0; k < pulls.Length; k++)
            {
                sum += pulls[k] * Weights[(c * pulls.Length) + k];
            }

            spoken[c] = (float)sum;
        }
    }

    /// <summary>Makes the gradient of a batch.</summary>
    /// <param name="pulls">Of the goodness, N x C.</param>
    /// <param name="spoken">What channels said, N x U.</param>
    public void Gather(ReadOnlySpan<float> pulls, ReadOnlySpan<float> spoken)
    {
        var (units, classes, temperature) = (_shape.Channels, _shape.Classes, Temperature);
        var pictures = pulls.Length / classes;
        var byWeights = new double[classes];
        double byTemperature = 0;
        for (var c = 0; c < units; c++)
        {
            Array.Clear(byWeights);
            for (var n = 0; n < pictures; n++)
            {
                for (var k = 0; k < classes; k++)
                {
                    byWeights[k] += (double)pulls[(n * classes) + k] * spoken[(n * units) + c];
                }
            }

            var weights = Weights.AsSpan(c * classes, classes);
            double mean = 0;
            for (var k = 0; k < classes; k++)
            {
                byWeights[k] += pictures * Spread / classes * (_elementary.Log(Math.Max(weights[k], 1e-30)) + 1);
                mean += byWeights[k] * weights[k];
            }

            for (var k = 0; k < classes; k++)
            {
                var slope = weights[k] * (byWeights[k] - mean) / temperature;
                Gradient[(c * classes) + k] = (float)slope;
                byTemperature -= slope * _scores.Row<float>(c)[k];
            }
        }

        // T = e^u: what T is multiplied by, u is added to
        var isFree = _elementary.Exp(_heat.Row<float>(0)[0]) is > Coldest and < Hottest;
        _byHeat[0] = isFree ? (float)byTemperature : 0;
    }

    /// <summary>Moves scores and temperature.</summary>
    public void Learn(in UpdateStep step)
    {
        _learned[0].Step<float, Fp32Element>(0, Gradient, step);
        _learned[1].Step<float, Fp32Element>(0, _byHeat, step);
        _epoch.Row<float>(0)[0] = step.Update / _updates;
        Weigh();
    }

    public void Dispose()
    {
        Array.ForEach(_learned, update => update.Dispose());
        foreach (var matrix in new[] { _scores, _heat, _epoch })
        {
            matrix.Dispose();
        }
    }
}
