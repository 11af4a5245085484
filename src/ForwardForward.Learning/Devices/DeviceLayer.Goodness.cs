using System.Runtime.InteropServices;
using ForwardForward.Learning.Goodnesses;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>
/// What the goodness of the rows is, and its slope. One that is made of what every unit does is computed on the host, which takes the
/// activity there and back.
/// </summary>
internal sealed partial class DeviceLayer
{
    // What stands in _goodness is the sum of squares of every row.
    private void TakeGoodness(Tensor states, int rows)
    {
        if (_objective is ISquaresGoodness ofSquares)
        {
            for (var row = 0; row < rows; row++)
            {
                _goodness[row] = ofSquares.Of(_scale * _goodness[row]);
            }

            return;
        }

        using var host = Counted(states).cpu();
        for (var row = 0; row < rows; row++)
        {
            _goodness[row] = ((IActivityGoodness)_objective).Of(Row(host, row));
        }
    }

    /// <summary>Half the slope of the goodness by the activity, as a sum of squares has it: the activity itself.</summary>
    private Tensor Slopes(Tensor activity)
    {
        if (_objective is not IActivityGoodness ofActivity)
        {
            return activity;
        }

        using var host = Counted(activity).cpu();
        using var slopes = empty_like(host);
        for (var row = 0; row < (int)host.shape[0]; row++)
        {
            ofActivity.Slope(Row(host, row), Row(slopes, row));
        }

        // Pulls have the scale of a sum of squares; of an activity it is the root.
        return slopes.to(_device).mul(0.5f / MathF.Sqrt(_scale)).mul(activity.gt(0));
    }

    // Where units are left out, those that stay count for those that do not.
    private Tensor Counted(Tensor activity) => (_scale == 1 ? activity : activity.mul(MathF.Sqrt(_scale))).contiguous();

    private static Span<float> Row(Tensor host, int row)
    {
        var units = (int)host.shape[1];
        return MemoryMarshal.Cast<byte, float>(host.bytes).Slice(row * units, units);
    }
}
