using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>What the copies of a layer add up, each having had as many rows, before all of them learn the same.</summary>
internal sealed partial class FFLayer
{
    private LayerStep OfAllReplicas(LayerStep own) => Shape.Replicas == 1 ? own : own.OfAll(_others!, Shape.Replicas);

    /// <param name="panel">Its first rows hold this copy's gradient.</param>
    private ReadOnlySpan<float> OfAllReplicas(Matrix panel, int rows)
    {
        var sums = _precision == Precision.Bf16 ? new float[rows * Inputs] : panel.RowSpan<float>(0, rows);
        if (_precision == Precision.Bf16)
        {
            Rounding.FromBf16(panel.RowSpan<ushort>(0, rows), sums);
        }

        _others!.Sum(sums);
        return sums;
    }
}
