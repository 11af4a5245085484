using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>What the copies of a layer add up, each having had as many rows, before all of them learn the same.</summary>
public sealed partial class FFLayer
{
    private LayerStep OfAllReplicas(LayerStep own)
    {
        if (Shape.Replicas == 1)
        {
            return own;
        }

        float[] sums = [(float)own.GoodnessPositive, (float)own.GoodnessNegative, (float)own.Loss];
        _others!.Sum(sums);
        return new LayerStep(sums[0] / Shape.Replicas, sums[1] / Shape.Replicas, sums[2] / Shape.Replicas);
    }

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
