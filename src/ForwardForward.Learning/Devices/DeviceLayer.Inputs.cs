using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// How it takes in the rows that it is sent, what comes from below left of what comes from above, and how states are moved on.
/// </summary>
internal sealed partial class DeviceLayer
{
    public LayerState NewState(int maxRows) => new DeviceState();

    public Activations Iterate(Activations below, Activations? above, LayerState? before, LayerState after, RowLayout layout, long? dropout)
    {
        using var scope = NewDisposeScope();
        var y = Active(Load(below, above, layout));
        var h = before is DeviceState old ? Standing(old.States.narrow(0, 0, old.Rows), layout).mul(_kept).add_(y, 1 - _kept) : y.clone();
        if (Left(layout.Total, dropout) is { } kept)
        {
            h.mul_(kept);
        }

        ((DeviceState)after).States = h.DetachFromDisposeScope();
        after.Rows = layout.Going;
        return Send(h, activity: h.mul(y.gt(0)));
    }

    private static Tensor? Seen(ReceptiveField? field, Device device) =>
        field is null
            ? null
            : tensor(
                    field
                        .Places.SelectMany(place => place.SelectMany(run => Enumerable.Range(run.First, run.Count)))
                        .Select(column => (long)column)
                        .ToArray(),
                    device: device
                )
                .DetachFromDisposeScope();

    /// <returns>R x places x I, which the next call writes over.</returns>
    private Tensor Load(Activations below, Activations? above, RowLayout layout)
    {
        Require(below, Shape.Below, layout);
        var x = _input.narrow(0, 0, layout.Total);
        var fromBelow = Rows(below, layout);
        x.narrow(2, 0, Shape.Inputs - Shape.Above)
            .copy_(_seen is null ? fromBelow.unsqueeze(1) : fromBelow.index_select(1, _seen).view(layout.Total, _places, -1));
        if (above is not null)
        {
            Require(above, Shape.Above, layout);
            x.narrow(2, Shape.Inputs - Shape.Above, Shape.Above).copy_(Rows(above, layout).unsqueeze(1).expand(-1, _places, -1));
        }
        else if (Shape.Above > 0)
        {
            x.narrow(2, Shape.Inputs - Shape.Above, Shape.Above).zero_();
        }

        return x;
    }

    /// <summary>x W^T, of every place with the weights of its own units: R x U.</summary>
    private Tensor Product(Tensor x) =>
        _places == 1
            ? x.squeeze(1).matmul(_weights.Rounded.t())
            : x.transpose(0, 1)
                .bmm(_weights.Rounded.view(_places, -1, Shape.Inputs).transpose(1, 2))
                .transpose(0, 1)
                .reshape(-1, Shape.Units);

    /// <summary>g^T x, of every place: U x I.</summary>
    /// <param name="gradient">L x U.</param>
    /// <param name="x">L x places x I.</param>
    private Tensor Gradient(Tensor gradient, Tensor x) =>
        _places == 1
            ? gradient.t().matmul(x.squeeze(1))
            : gradient.view(gradient.shape[0], _places, -1).permute(1, 2, 0).bmm(x.transpose(0, 1)).reshape(Shape.Units, Shape.Inputs);

    private Tensor Rows(Activations rows, RowLayout layout)
    {
        var here = empty(rows.Rows, rows.Width, dtype: _type, device: _device);
        rows.CopyTo(here);
        return Standing(here, layout);
    }

    // One row for each of the layout's.
    private Tensor Standing(Tensor given, RowLayout layout)
    {
        var count = (int)given.shape[0];
        return count == layout.Total
            ? given
            : given.index_select(
                0,
                tensor(Enumerable.Range(0, layout.Total).Select(row => (long)layout.Standing(row, count)).ToArray(), device: _device)
            );
    }

    private void Require(Activations input, int width, RowLayout layout)
    {
        if (layout.Total > _goodness.Length || input.Width != width || input.Precision != _precision || layout.Total % input.Rows != 0)
        {
            throw new ArgumentException(
                $"Layer {Index + 1} takes at most {_goodness.Length} rows of {width} in {_precision}, not {input.Rows} rows of "
                    + $"{input.Width} in {input.Precision}.",
                nameof(input)
            );
        }
    }
}
