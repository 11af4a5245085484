using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// What a layer of a top-down run keeps of one batch between two iterations: its states before normalization, where the layer computes, and
/// after it.
/// </summary>
internal abstract class LayerState : IDisposable
{
    /// <summary>How many of the first rows are in use.</summary>
    public int Rows { get; set; }

    /// <summary>The same rows as the neighbours get them.</summary>
    public Activations? Normalized { get; set; }

    public virtual void Dispose()
    {
        Normalized?.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>In the host's memory.</summary>
/// <param name="maxRows">Most rows.</param>
/// <param name="units">Of the layer.</param>
internal sealed class HostState(int maxRows, int units) : LayerState
{
    /// <summary>Before normalization, fp32.</summary>
    public Matrix States { get; } = new(maxRows, units, torch.ScalarType.Float32);

    public override void Dispose()
    {
        States.Dispose();
        base.Dispose();
    }
}
