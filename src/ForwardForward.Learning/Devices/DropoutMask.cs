using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>The units that <see cref="Dropout"/> would leave out, as a tensor: the same draws, on the host.</summary>
internal sealed class DropoutMask(LayerOptions options)
{
    private readonly Dropout _dropout = new(options);
    private readonly IRowPasses _passes = RowPasses.For(Precision.Fp32);

    public bool IsOn => _dropout.IsOn;

    public float GoodnessScale => _dropout.GoodnessScale;

    /// <returns>R x U, 0 where a unit is left out and 1 elsewhere; the caller disposes it.</returns>
    public Tensor Kept(int rows, int units, long slot)
    {
        using var drawn = new Matrix(options.MaxRows, units, ScalarType.Float32);
        for (var row = 0; row < rows; row++)
        {
            _dropout.Apply(_passes, drawn, row, slot);
        }

        using var some = drawn.View(..rows, ..);
        return some.isfinite().to_type(ScalarType.Float32).DetachFromDisposeScope();
    }
}
