using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// Pulls every unit's running mean activity towards the layer's: m = decay m + (1 - decay) mean_batch(y), and strength (mean(m) - m) is
/// added to the gradient of every positive row, whether the unit is on or not, which brings dead units back (Hinton's code, "lambdamean").
/// </summary>
internal sealed class PeerNormalization : IDisposable
{
    /// <summary>Mean activity of every unit before the first batch.</summary>
    public const float InitialMean = 0.5f;

    private readonly PeerNormalizationSpec _spec;
    private readonly float[] _pull;

    public PeerNormalization(PeerNormalizationSpec spec, int units)
    {
        (_spec, _pull) = (spec, new float[units]);
        Means = new Matrix(1, units, torch.ScalarType.Float32);
        Means.Row<float>(0).Fill(InitialMean);
    }

    /// <summary>Running mean activity of every unit on positive rows, 1 x units.</summary>
    public Matrix Means { get; }

    /// <summary>What is added to the gradient of a positive row, per unit; empty when peer normalization is off.</summary>
    public ReadOnlySpan<float> Pull => _spec.Strength == 0 ? [] : _pull;

    /// <summary>Takes in the sums of the activity over the positive rows of one batch.</summary>
    /// <param name="scale">What the activity counts.</param>
    public void Update(ReadOnlySpan<float> sums, int positiveRows, float scale = 1)
    {
        var means = Means.Row<float>(0);
        float decay = (float)_spec.Decay,
            share = scale * (float)((1 - _spec.Decay) / positiveRows);
        double total = 0;
        for (var i = 0; i < means.Length; i++)
        {
            means[i] = (means[i] * decay) + (sums[i] * share);
            total += means[i];
        }

        var mean = (float)(total / means.Length);
        for (var i = 0; i < means.Length; i++)
        {
            _pull[i] = (float)_spec.Strength * (mean - means[i]);
        }
    }

    public void Dispose() => Means.Dispose();
}
