using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>
/// The matrix products of one layer of a perceptron, up, down and for its weights, in panels that threads share and whose bounds depend on
/// nothing but the layer's size.
/// </summary>
internal sealed class DenseLayer : IDisposable
{
    private const int PanelUnits = 1000;
    private const int SharedFrom = 128; // a smaller dimension is one panel
    private const int GradientPanelUnits = 512; // two panels: one for each of two threads, small enough for a core's cache

    private readonly WorkerPool _threads;
    private readonly NetworkWeights _layer;
    private readonly Precision _precision;
    private readonly Matrix _product; // weights in the precision of the products
    private readonly IParameterUpdate _weightUpdate;
    private readonly IParameterUpdate _biasUpdate;
    private readonly IRowPasses _passes;
    private readonly Panels _unitPanels;
    private readonly Panels _inputPanels;
    private readonly Panels _gradientPanels;
    private readonly float[] _sums;
    private readonly Stack<Matrix> _panelGradients = new(); // one for each thread

    /// <param name="layer">Its weights; disposed with this.</param>
    /// <param name="number">From 1, for the names of its state.</param>
    /// <param name="precision">Of its products.</param>
    public DenseLayer(NetworkWeights layer, int number, OptimizerSpec optimizer, Precision precision, WorkerPool threads)
    {
        (_layer, _precision, _threads) = (layer, precision, threads);
        var (units, inputs) = (layer.Shape.Units, layer.Shape.Inputs);
        var isRounded = precision == Precision.Bf16;
        _product = isRounded ? new Matrix(units, inputs, ScalarType.BFloat16) : layer.Weights;
        (WeightsName, BiasName) = ($"weights.{number}", $"bias.{number}");
        _weightUpdate = new Parameter(WeightsName, layer.Weights, isRounded ? _product : null, (float)optimizer.WeightDecay).Update(
            optimizer
        );
        _biasUpdate = new Parameter(BiasName, layer.Bias, null, 0).Update(optimizer);
        _passes = RowPasses.For(precision);
        (_unitPanels, _inputPanels) = (Shared(units), Shared(inputs));
        _gradientPanels = new Panels(units, units < SharedFrom ? 1 : 2 * ((units + GradientPanelUnits - 1) / GradientPanelUnits));
        _sums = new float[units];
        for (var i = 0; i < threads.Count; i++)
        {
            _panelGradients.Push(new Matrix(_gradientPanels.Largest, inputs, precision.ScalarType()));
        }

        Round();
    }

    public string WeightsName { get; }

    public string BiasName { get; }

    public Matrix Weights => _layer.Weights;

    public Matrix Bias => _layer.Bias;

    /// <summary>Of its optimizer.</summary>
    public IEnumerable<(string Name, Matrix Value)> Moments => [.. _weightUpdate.State, .. _biasUpdate.State];

    /// <summary>The copy that products are taken with becomes that of the weights.</summary>
    public void Round()
    {
        if (!ReferenceEquals(_product, _layer.Weights))
        {
            Rounding.ToBf16(Weights.RowSpan<float>(0, Weights.Rows), _product.RowSpan<ushort>(0, Weights.Rows));
        }
    }

    /// <summary>z = x W^T, without the bias.</summary>
    /// <param name="x">R x inputs.</param>
    /// <param name="z">R x units.</param>
    public void Up(Matrix x, Matrix z, int rows) =>
        _threads.For(
            _unitPanels.Count,
            p =>
            {
                using Tensor target = z.View(..rows, _unitPanels[p]),
                    left = x.View(..rows, ..),
                    weights = _product.View(_unitPanels[p], ..),
                    right = weights.t();
                Product.Into(target, left, right);
            }
        );

    /// <summary>Slope by what it sees, of the slope by z: g W.</summary>
    /// <param name="g">R x units.</param>
    /// <param name="below">R x inputs.</param>
    public void Down(Matrix g, Matrix below, int rows) =>
        _threads.For(
            _inputPanels.Count,
            p =>
            {
                using Tensor target = below.View(..rows, _inputPanels[p]),
                    left = g.View(..rows, ..),
                    right = _product.View(.., _inputPanels[p]);
                Product.Into(target, left, right);
            }
        );

    /// <summary>Moves weights by g^T x and the bias by the sum of g.</summary>
    /// <param name="g">Slope of the log likelihood by z, R x units.</param>
    /// <param name="x">What it saw, R x inputs.</param>
    public void Learn(Matrix g, Matrix x, int rows, UpdateStep step)
    {
        _threads.For(_gradientPanels.Count, p => Learn(_gradientPanels[p], g, x, rows, step));
        Array.Clear(_sums);
        _passes.Sum(g, rows, 0, _sums);
        _biasUpdate.Step<float, Fp32Element>(0, _sums, step);
    }

    public void Dispose()
    {
        if (!ReferenceEquals(_product, _layer.Weights))
        {
            _product.Dispose();
        }

        foreach (var panel in _panelGradients)
        {
            panel.Dispose();
        }

        _weightUpdate.Dispose();
        _biasUpdate.Dispose();
        _layer.Dispose();
    }

    private void Learn(Range units, Matrix g, Matrix x, int rows, UpdateStep step)
    {
        Matrix panel;
        lock (_panelGradients)
        {
            panel = _panelGradients.Pop();
        }

        var (first, count) = units.GetOffsetAndLength(_layer.Shape.Units);
        using (
            Tensor target = panel.View(..count, ..),
                slopes = g.View(..rows, units),
                left = slopes.t(),
                right = x.View(..rows, ..)
        )
        {
            Product.Into(target, left, right);
        }

        if (_precision == Precision.Bf16)
        {
            _weightUpdate.Step<ushort, Bf16Element>(first, panel.RowSpan<ushort>(0, count), step);
        }
        else
        {
            _weightUpdate.Step<float, Fp32Element>(first, panel.RowSpan<float>(0, count), step);
        }

        lock (_panelGradients)
        {
            _panelGradients.Push(panel);
        }
    }

    private static Panels Shared(int size) => Panels.Of(size, PanelUnits, atLeast: size < SharedFrom ? 1 : 2);
}
