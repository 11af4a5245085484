using System.Buffers;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Layers;

/// <summary>A goodness that is made of what every unit does: the activity is computed once more where it is asked for.</summary>
internal sealed partial class FFLayer
{
    private Matrix? _slopes; // (L, U), fp32, of the rows that pull

    private float GoodnessOf(int row, float squares)
    {
        if (_ofSquares is not null)
        {
            return _ofSquares.Of(_goodnessScale * squares);
        }

        var rented = ArrayPool<float>.Shared.Rent(Units);
        var activity = rented.AsSpan(0, Units);
        Activity(row, activity);
        var goodness = _ofActivity!.Of(activity);
        ArrayPool<float>.Shared.Return(rented);
        return goodness;
    }

    // Where units are left out, those that stay count for those that do not.
    private void Activity(int row, Span<float> activity)
    {
        activity.Clear();
        _passes.AddActivity(_z, _bias, row, 0, activity);
        if (_goodnessScale != 1)
        {
            var scale = MathF.Sqrt(_goodnessScale);
            foreach (ref var y in activity)
            {
                y *= scale;
            }
        }
    }

    private void TakeSlopes()
    {
        if (_ofActivity is not { } objective)
        {
            return;
        }

        var slopes = _slopes ??= new Matrix(_pulling.Length, Units, ScalarType.Float32);
        ForPieces(
            _pullingRows,
            row =>
            {
                var rented = ArrayPool<float>.Shared.Rent(Units);
                var activity = rented.AsSpan(0, Units);
                var slope = slopes.Row<float>(row);
                Activity(_pulling[row].Row, activity);
                objective.Slope(activity, slope);
                for (var i = 0; i < slope.Length; i++)
                {
                    slope[i] = activity[i] > 0 ? slope[i] / 2 : 0; // pulls are for half the slope, as of a sum of squares
                }

                ArrayPool<float>.Shared.Return(rented);
            }
        );
    }

    private void LocalGradientOfActivity(int row, int first, float pull, Span<float> biasGradient)
    {
        Span<float> gradient = stackalloc float[ColumnsPerPiece];
        gradient = gradient[..biasGradient.Length];
        SlopesOf(row, first, pull, gradient);
        for (var i = 0; i < gradient.Length; i++)
        {
            biasGradient[i] += gradient[i];
        }

        _passes.Round(gradient, _g, row, first);
    }

    private void SlopesOf(int row, int first, float pull, Span<float> gradient)
    {
        // The pull has the scale of a sum of squares; of an activity it is the root.
        var factor = pull / MathF.Sqrt(_goodnessScale);
        var slope = _slopes!.Row<float>(row).Slice(first, gradient.Length);
        for (var i = 0; i < slope.Length; i++)
        {
            gradient[i] = factor * slope[i];
        }
    }
}
