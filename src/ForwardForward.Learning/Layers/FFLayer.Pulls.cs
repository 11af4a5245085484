using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// Which rows the gradient of a slot is made of. Most are soon far on their side of the threshold, where the logistic function leaves them
/// no pull: those add nothing, and the product g^T x is over the others alone. The pull of the peers is the same for all positive rows, so
/// it is one row more: its g is that pull, its x the sum of theirs.
/// </summary>
internal sealed partial class FFLayer
{
    private const int RowsTogether = 16; // libtorch prepares a bf16 product once for every number of rows

    private readonly (int Row, float Pull)[] _pulling; // (L)
    private int _pullingRows; // of _pulling, in the last update

    // Of integers its x would be too large: it is added to the gradient where the weights are updated.
    private bool HavePeersRow => !_peers.Pull.IsEmpty && _integers is null;

    private static int Together(int rows) => (rows + RowsTogether - 1) / RowsTogether * RowsTogether;

    /// <summary>
    /// Moves the x of the rows that pull to the front, that of the peers behind them, and rows of zeros up to a round number.
    /// </summary>
    /// <returns>How many these are, P.</returns>
    private int TakeThoseThatPull(RowLayout layout)
    {
        _pullingRows = 0;
        for (var row = 0; row < layout.Learned; row++)
        {
            if (_objective.Pull(_goodness, layout, row) is not 0 and var pull)
            {
                _pulling[_pullingRows++] = (row, _goodnessScale * pull);
            }
        }

        TakeSlopes();
        var rows = Together(Math.Max(1, _pullingRows + (HavePeersRow ? 1 : 0)));
        _threads.For(
            _x.Length * _inputPieces.Count,
            p => MoveUp(p / _inputPieces.Count, _inputPieces[p % _inputPieces.Count], layout.Positive, rows)
        );
        return rows;
    }

    // Threads share columns: a row's new place may be where another one still stands.
    private void MoveUp(int place, Range columns, int positive, int rows)
    {
        var x = _x[place];
        var (first, count) = columns.GetOffsetAndLength(Inputs);
        if (!_peers.Pull.IsEmpty)
        {
            _integers?.SumInputs(x, place, positive, first, count);
        }

        Span<float> sums = stackalloc float[HavePeersRow ? count : 0];
        if (!sums.IsEmpty)
        {
            _passes.Sum(x, positive, first, sums);
        }

        var element = _operandType.ElementBytes();
        Span<byte> Piece(int row) => x.Row<byte>(row).Slice(first * element, count * element);
        for (var i = 0; i < rows; i++)
        {
            if (i < _pullingRows)
            {
                Piece(_pulling[i].Row).CopyTo(Piece(i));
            }
            else if (i == _pullingRows && !sums.IsEmpty)
            {
                _passes.Round(sums, x, i, first);
            }
            else
            {
                Piece(i).Clear();
            }
        }
    }

    private void LocalGradient(int row, int first, Span<float> biasGradient, RowLayout layout)
    {
        if (_integers is not null)
        {
            LocalGradientOfIntegers(row, first, biasGradient, layout);
        }
        else if (row < _pullingRows)
        {
            var (from, pull) = _pulling[row];
            if (_ofActivity is null)
            {
                _passes.LocalGradient(_z, _bias, from, first, pull, _g, row, biasGradient);
            }
            else
            {
                LocalGradientOfActivity(row, first, pull, biasGradient);
            }
        }
        else if (row == _pullingRows && !_peers.Pull.IsEmpty)
        {
            var peers = _peers.Pull.Slice(first, biasGradient.Length);
            _passes.Round(peers, _g, row, first);
            for (var i = 0; i < peers.Length; i++)
            {
                biasGradient[i] += layout.Positive * peers[i];
            }
        }
        else
        {
            var element = _precision.ElementBytes();
            _g.Row<byte>(row).Slice(first * element, biasGradient.Length * element).Clear();
        }
    }
}
