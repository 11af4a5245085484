using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// Leaves units of training rows out before goodness and normalization (Hinton et al. 2012, in the place where a layer of Forward-Forward
/// has its say). The activity of those that stay counts 1 / sqrt(1 - share) times as much, so that the goodness stays what it was on
/// average. Which ones is a function of seed, layer, slot and row alone.
/// </summary>
/// <param name="options">Of the layer.</param>
internal sealed class Dropout(LayerOptions options)
{
    private readonly int _key = ((options.Shape.Part + options.Shape.Replica) << 16) + options.Index;
    private readonly ushort _threshold = (ushort)Math.Round(options.Dropout * (1 << 16));

    /// <summary>What the goodness of a row that leaves units out is multiplied with.</summary>
    public float GoodnessScale { get; } = (float)(1 / (1 - options.Dropout));

    public bool IsOn => _threshold > 0;

    /// <param name="z">Products of all rows of the slot.</param>
    public void Apply(IRowPasses passes, Matrix z, int row, long slot) =>
        passes.Drop(z, row, _threshold, new KeyedRandom(options.Seed, RandomPurpose.Dropout, _key, (slot * z.Rows) + row));
}
