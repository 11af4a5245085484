using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

internal sealed partial class FFLayer
{
    private readonly float _kept;

    public LayerState NewState(int maxRows) => new HostState(maxRows, Units);

    public Activations Iterate(Activations below, Activations? above, LayerState? before, LayerState after, RowLayout layout, long? dropout)
    {
        var (rows, states) = (layout.Total, ((HostState)after).States);
        Load(below, Shape.Below, 0, layout);
        Load(above, Shape.Above, Inputs - Shape.Above, layout);
        Multiply(rows);
        var output = Activations.Rent(rows, Units, _precision);
        var drawn = _dropout.IsOn ? dropout : null;
        _goodnessScale = drawn is null ? 1 : _dropout.GoodnessScale;
        ForPieces(
            rows,
            row =>
            {
                if (drawn is { } number)
                {
                    _dropout.Apply(_passes, _z, row, number);
                }

                var old = before is HostState state ? state.States.Row<float>(layout.Standing(row, before.Rows)) : [];
                var squares = _passes.Damp(_z, _bias, row, old, _kept, states.Row<float>(row), output);
                _goodness[row] = _ofSquares!.Of(_goodnessScale * squares); // a recipe with iterations takes no other goodness
            }
        );
        after.Rows = layout.Going;
        return output;
    }
}
