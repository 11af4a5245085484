using System.Buffers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>A step in portable precision: its operands are integers, everything between the products is as ever.</summary>
internal sealed partial class FFLayer
{
    private void LoadIntegers(Activations? input, int width, int firstColumn, RowLayout layout)
    {
        var field = firstColumn == 0 ? Shape.Field : null;
        ForPieces(
            layout.Total,
            row =>
            {
                var from = input is null ? [] : input.Bytes.Slice(layout.Standing(row, input.Rows) * width, width);
                for (var place = 0; place < _x.Length; place++)
                {
                    if (field is not null)
                    {
                        Gather(field.Places[place], from, _x[place], row);
                    }
                    else if (input is null)
                    {
                        _integers!.Clear(_x[place], row, firstColumn, width);
                    }
                    else
                    {
                        _integers!.Take(from, _x[place], row, firstColumn);
                    }
                }
            }
        );
    }

    private void Gather(IReadOnlyList<(int First, int Count)> runs, ReadOnlySpan<byte> from, Matrix x, int row)
    {
        var to = 0;
        foreach (var (first, count) in runs)
        {
            _integers!.Take(from.Slice(first, count), x, row, to);
            to += count;
        }
    }

    // A unit's gradients are of one size, and of another than its neighbour's: each has steps of its own.
    private void MeasureGradients(int rows, RowLayout layout) =>
        _threads.For(
            _columnPieces.Count,
            p =>
            {
                var (first, count) = _columnPieces[p].GetOffsetAndLength(Units);
                Span<float> piece = stackalloc float[ColumnsPerPiece];
                _integers!.BeginGradients(first, count);
                for (var row = 0; row < _pullingRows; row++)
                {
                    LocalGradient(row, first, piece[..count]);
                    _integers.Measure(piece[..count], first);
                }

                _integers.ChooseSteps(first, count, rows);
            }
        );

    private void LocalGradient(int row, int first, Span<float> gradient)
    {
        var (from, pull) = _pulling[row];
        if (_ofActivity is not null)
        {
            SlopesOf(row, first, pull, gradient);
            return;
        }

        gradient.Clear();
        _passes.AddActivity(_z, _bias, from, first, gradient);
        foreach (ref var g in gradient)
        {
            g *= pull;
        }
    }

    private void LocalGradientOfIntegers(int row, int first, Span<float> biasGradient, RowLayout layout)
    {
        var count = biasGradient.Length;
        if (row >= _pullingRows)
        {
            _integers!.Clear(_g, row, first, count);
            if (row == _pullingRows && !_peers.Pull.IsEmpty)
            {
                AddPeers(first, biasGradient, layout.Positive);
            }

            return;
        }

        Span<float> piece = stackalloc float[ColumnsPerPiece];
        LocalGradient(row, first, piece[..count]);
        for (var i = 0; i < count; i++)
        {
            biasGradient[i] += piece[i];
        }

        _integers!.RoundGradient(piece[..count], _g, row, first);
    }

    private void AddPeers(int first, Span<float> biasGradient, int positive)
    {
        var peers = _peers.Pull.Slice(first, biasGradient.Length);
        for (var i = 0; i < peers.Length; i++)
        {
            biasGradient[i] += positive * peers[i];
        }
    }

    private void UpdateIntegers(Matrix panel, int place, int first, int count, UpdateStep step)
    {
        var together = Shape.Replicas > 1 ? count : 1; // units that are updated at a time
        var rented = ArrayPool<float>.Shared.Rent(together * Inputs);
        var gradients = rented.AsSpan(0, together * Inputs);
        for (var unit = 0; unit < count; unit += together)
        {
            for (var i = 0; i < together; i++)
            {
                var pull = _peers.Pull.IsEmpty ? 0 : _peers.Pull[first + unit + i];
                _integers!.Gradient(panel, unit + i, first + unit + i, place, pull, gradients.Slice(i * Inputs, Inputs));
            }

            if (Shape.Replicas > 1)
            {
                _others!.Sum(gradients);
            }

            _weightUpdate.Step<float, Fp32Element>(first + unit, gradients, step);
            for (var i = 0; i < together; i++)
            {
                _integers!.Round(_weights, _productWeights, first + unit + i);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
