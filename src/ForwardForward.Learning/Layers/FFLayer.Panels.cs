using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Layers;

// What threads share: panels of units, columns and rows, with bounds that do not depend on how many threads there are.
internal sealed partial class FFLayer
{
    private void UpdatePanel(int index, Tensor gradientT, Tensor x, UpdateStep step)
    {
        Matrix panel;
        lock (_panelGradients)
        {
            panel = _panelGradients.Pop();
        }

        var (first, count) = _gradientPanels[index].GetOffsetAndLength(Units);
        using (var target = panel.View(..count, ..))
        {
            Product.Into(target, gradientT, x);
        }

        Clock?.Lap(StepPhase.GradientProduct);
        if (_integers is not null)
        {
            UpdateIntegers(panel, _x.Length == 1 ? 0 : index, first, count, step);
        }
        else if (Shape.Replicas > 1)
        {
            _weightUpdate.Step<float, Fp32Element>(first, OfAllReplicas(panel, count), step);
        }
        else if (_precision == Precision.Bf16)
        {
            _weightUpdate.Step<ushort, Bf16Element>(first, panel.RowSpan<ushort>(0, count), step);
        }
        else
        {
            _weightUpdate.Step<float, Fp32Element>(first, panel.RowSpan<float>(0, count), step);
        }

        Clock?.Lap(StepPhase.WeightUpdate);
        lock (_panelGradients)
        {
            _panelGradients.Push(panel);
        }
    }

    private delegate void ColumnPass(int row, int firstColumn, Span<float> sums);

    // Threads share columns, not rows: every column is summed in the order of the rows, whoever does it.
    private void SumColumns(ColumnPass pass, int rows)
    {
        Array.Clear(_columnSums);
        _threads.For(
            _columnPieces.Count,
            p =>
            {
                var (first, count) = _columnPieces[p].GetOffsetAndLength(Units);
                for (var row = 0; row < rows; row++)
                {
                    pass(row, first, _columnSums.AsSpan(first, count));
                }
            }
        );
        if (Shape.Replicas > 1)
        {
            _others!.Sum(_columnSums);
        }
    }

    private void ForPieces(int rows, Action<int> pass)
    {
        var pieces = Panels.Of(rows, RowsPerPiece);
        _threads.For(
            pieces.Count,
            p =>
            {
                for (var row = pieces[p].Start.Value; row < pieces[p].End.Value; row++)
                {
                    pass(row);
                }
            }
        );
    }

    private static (Tensor X, Tensor Rows)[] Views(
        Dictionary<int, (Tensor X, Tensor Rows)[]> known,
        int rows,
        Func<int, (Tensor X, Tensor Rows)[]> make
    )
    {
        if (!known.TryGetValue(rows, out var views))
        {
            known[rows] = views = make(rows);
        }

        return views;
    }

    private (Tensor X, Tensor Rows)[] ForwardViews(int rows) =>
        [.. Enumerable.Range(0, _forwardPanels.Count).Select(p => (Seen(p, rows), _product.View(..rows, _forwardPanels[p])))];

    private (Tensor X, Tensor Rows)[] GradientViews(int rows) =>
        [.. Enumerable.Range(0, _gradientPanels.Count).Select(p => (Seen(p, rows), Transposed(_g.View(..rows, _gradientPanels[p]))))];

    private Tensor Seen(int panel, int rows) => _x[_x.Length == 1 ? 0 : panel].View(..rows, ..);

    private static Tensor Transposed(Tensor view)
    {
        using (view)
        {
            return view.t().DetachFromDisposeScope();
        }
    }
}
