using TorchSharp;

namespace ForwardForward.Learning.Layers;

/// <summary>What a layer of a top-down run keeps of one batch between two iterations.</summary>
/// <param name="maxRows">Most rows.</param>
/// <param name="units">Of the layer.</param>
public sealed class LayerState(int maxRows, int units) : IDisposable
{
    /// <summary>Before normalization, fp32.</summary>
    public Matrix States { get; } = new(maxRows, units, torch.ScalarType.Float32);

    /// <summary>How many of the first rows are in use.</summary>
    public int Rows { get; set; }

    /// <summary>The same rows as the neighbours get them.</summary>
    public Activations? Normalized { get; set; }

    public void Dispose()
    {
        States.Dispose();
        Normalized?.Dispose();
    }
}
