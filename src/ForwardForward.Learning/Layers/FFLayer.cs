using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// One Forward-Forward layer: y = max(0, x W^T + b) learns from its own goodness, without autograd. A step is two matrix products and three
/// passes over memory, in buffers made once; the second product has only the rows that still pull. Not thread-safe: one slot at a time.
/// </summary>
/// <remarks>
/// Shapes: R rows of a slot, L learned rows (positive, then negative), P rows of the gradient (those that pull), I inputs of a unit, U
/// units.
/// </remarks>
internal sealed partial class FFLayer : IRecurrentLayer
{
    private const int ForwardPanelUnits = 1000; // measured: smaller panels cost bf16 products more than 2 %
    private const int GradientPanelUnits = 256; // a panel's gradient stays in a core's cache until its update
    private const int RowsPerPiece = 25;
    private const int ColumnsPerPiece = 512;

    private readonly WorkerPool _threads;
    private readonly IAllReduce? _others;
    private readonly Precision _precision;
    private readonly double _learningRate;
    private readonly Matrix _weights; // (U, I), fp32
    private readonly Matrix _bias; // (1, U), fp32
    private readonly Precision _operandType; // what is multiplied: the run's precision, or the floats that hold its integers
    private readonly IntegerOperands? _integers; // in portable precision
    private readonly Matrix _productWeights; // (U, I), operands; _weights itself in fp32
    private readonly IParameterUpdate _weightUpdate;
    private readonly IParameterUpdate _biasUpdate;
    private readonly PeerNormalization _peers;
    private readonly IGoodness _objective;
    private readonly ISquaresGoodness? _ofSquares; // the objective, where it is one
    private readonly IActivityGoodness? _ofActivity; // likewise
    private readonly IRowPasses _passes;
    private readonly Dropout _dropout;
    private readonly Matrix[] _x; // (R, I), operands, one for every place that sees a part of its own
    private readonly Matrix _product; // (R, U), of operands
    private readonly Matrix _z; // (R, U), the product itself but of integers, of which it is the scaled one in bf16
    private readonly Matrix _g; // (P, U), operands
    private readonly float[] _goodness; // (R)
    private float _goodnessScale = 1; // of the last slot
    private readonly float[] _columnSums; // (U)
    private readonly Panels _forwardPanels;
    private readonly Panels _gradientPanels;
    private readonly Panels _columnPieces;
    private readonly Panels _inputPieces;
    private readonly Tensor[] _forwardWeights; // one (I, panel) view each
    private readonly Dictionary<int, (Tensor X, Tensor Rows)[]> _forwardViews = []; // by R, of every panel; the rows are the product
    private readonly Dictionary<int, (Tensor X, Tensor Rows)[]> _gradientViews = []; // by P, of every panel; the rows are g, transposed
    private readonly Stack<Matrix> _panelGradients = new(); // (panel, I), one per thread

    /// <param name="options">Of the layer.</param>
    /// <param name="threads">Threads that share one step; null means the caller's alone.</param>
    /// <param name="others">Where this is one part of a layer: the way to the other ones.</param>
    /// <exception cref="InvalidInputException">There is no such goodness or optimizer.</exception>
    public FFLayer(LayerOptions options, WorkerPool? threads = null, IAllReduce? others = null)
    {
        var (shape, maxRows) = (options.Shape, options.MaxRows);
        var (inputs, units) = (shape.Inputs, shape.Units);
        (_others, Index, Shape) = (others, options.Index, shape);
        (_threads, _precision, _kept) = (threads ?? WorkerPool.One, options.Precision, (float)options.Kept);
        _learningRate = options.Optimizer.LearningRate;
        _operandType = _precision.Multiplied();
        var type = _precision.ScalarType();
        _weights = new Matrix(units, inputs, ScalarType.Float32);
        _bias = new Matrix(1, units, ScalarType.Float32);
        _integers = _precision == Precision.Portable ? new IntegerOperands(shape, _operandType) : null;
        _productWeights = _precision == Precision.Fp32 ? _weights : new Matrix(units, inputs, type);
        DrawWeights(_weights, options.Seed, Index, shape.Part * units, _threads, isPortable: _integers is not null);
        RoundWeights();
        var rounded = _precision == Precision.Bf16 ? _productWeights : null;
        _weightUpdate = new Parameter("weights", _weights, rounded, (float)options.Optimizer.WeightDecay).Update(options.Optimizer);
        _biasUpdate = new Parameter("bias", _bias, null, 0).Update(options.Optimizer);
        _peers = new PeerNormalization(options.PeerNormalization, units);
        _objective = Seams.Goodness.Get(options.Goodness.Kind)(options.Goodness, shape.LayerUnits);
        (_ofSquares, _ofActivity) = (_objective as ISquaresGoodness, _objective as IActivityGoodness);
        _passes = RowPasses.For(_precision);
        _dropout = new Dropout(options);
        var learned = 2 * options.BatchSize;
        _x =
        [
            .. Enumerable
                .Range(0, shape.Field?.Places.Count ?? 1)
                .Select(_ => new Matrix(Math.Max(maxRows, Together(learned + 1)), inputs, type)),
        ];
        (_product, _g) = (new Matrix(maxRows, units, type), new Matrix(Together(learned + 1), units, type));
        _z = _integers is not null && _operandType == Precision.Fp32 ? new Matrix(maxRows, units, ScalarType.BFloat16) : _product;
        (_goodness, _columnSums, _pulling) = (new float[maxRows], new float[units], new (int, float)[learned]);
        _forwardPanels = shape.Field is { } seen ? new Panels(units, seen.Places.Count) : Panels.Of(units, ForwardPanelUnits, atLeast: 2);
        _gradientPanels = shape.Field is { } field ? new Panels(units, field.Places.Count) : Panels.Of(units, GradientPanelUnits);
        (_columnPieces, _inputPieces) = (Panels.Of(units, ColumnsPerPiece), Panels.Of(inputs, ColumnsPerPiece));
        _forwardWeights =
        [
            .. Enumerable.Range(0, _forwardPanels.Count).Select(p => Transposed(_productWeights.View(_forwardPanels[p], Range.All))),
        ];
        for (var i = 0; i < _threads.Count; i++)
        {
            _panelGradients.Push(new Matrix(_gradientPanels.Largest, inputs, type));
        }
    }

    public int Index { get; }

    /// <summary>Weights of what comes from below stand before those of what comes from above.</summary>
    public LayerShape Shape { get; }

    public int Inputs => Shape.Inputs;

    public int Units => Shape.Units;

    /// <summary>Measures the phases of a step; only for a layer that has the caller's thread alone.</summary>
    public PhaseClock? Clock { get; init; }

    /// <summary>Goodness of the rows of the last slot, before its update; what stands behind them is older.</summary>
    public ReadOnlySpan<float> LastGoodness => _goodness;

    /// <summary>Everything that the layer's future depends on, in the fixed order that hashes and checkpoints use.</summary>
    public IEnumerable<(string Name, Matrix Value)> State =>
        [("weights", _weights), ("bias", _bias), .. _weightUpdate.State, .. _biasUpdate.State, ("activity_means", _peers.Means)];

    /// <summary>Copies a state back; what is derived from it follows.</summary>
    /// <exception cref="InvalidInputException">It is the state of another layer.</exception>
    public void Restore(IReadOnlyList<StateTensor> state)
    {
        StateTensor.Restore(State, state);
        RoundWeights();
    }

    /// <summary>Passes rows through the layer with the weights as they are now.</summary>
    /// <param name="input">Normalized activity from below; not kept. From above comes nothing.</param>
    /// <param name="trainingSlot">Number of the slot whose rows leave units out, where the spec wants that; null: none is left out.</param>
    /// <returns>Normalized activity, R x U; the caller disposes it.</returns>
    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        Clock?.Start();
        var layout = new RowLayout(0, 0, input.Rows, 0);
        Load(input, Shape.Below, 0, layout);
        Load(null, Shape.Above, Inputs - Shape.Above, layout);
        Multiply(input.Rows);
        Clock?.Lap(StepPhase.ForwardProduct);
        var output = Activations.Rent(input.Rows, Units, _precision);
        Normalize(output, _dropout.IsOn ? trainingSlot : null);
        Clock?.Lap(StepPhase.Normalize);
        return output;
    }

    /// <summary>Updates the layer from the positive and negative rows of the slot that <see cref="Forward"/> saw last.</summary>
    /// <param name="layout">Groups of that slot.</param>
    /// <param name="rateFactor">Share of the learning rate that the schedule leaves.</param>
    /// <param name="update">Number of this update, from 1.</param>
    /// <exception cref="DivergedException">The goodness is no finite number.</exception>
    public LayerStep Learn(RowLayout layout, double rateFactor, long update)
    {
        Clock?.Start();
        var measured = OfAllReplicas(LayerStep.Of(_goodness, layout, _objective, Shape.LayerUnits)).Require(Index, _learningRate);
        var step = new UpdateStep((float)(_learningRate * rateFactor), layout.Positive * Shape.Replicas, update);
        SumColumns((row, first, sums) => _passes.AddActivity(_z, _bias, row, first, sums), layout.Positive);
        _peers.Update(_columnSums, step.BatchSize, MathF.Sqrt(_goodnessScale));
        var rows = TakeThoseThatPull(layout);
        if (_integers is not null)
        {
            MeasureGradients(rows, layout);
        }

        SumColumns((row, first, sums) => LocalGradient(row, first, sums, layout), rows);
        Clock?.Lap(StepPhase.LocalGradient);
        var views = Views(_gradientViews, rows, GradientViews);
        _threads.For(_gradientPanels.Count, p => UpdatePanel(p, views[p].Rows, views[p].X, step));
        _biasUpdate.Step<float, Fp32Element>(0, _columnSums, step);
        return measured;
    }

    LayerStep ILayer.Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update) =>
        Learn(layout, rateFactor, update);

    public void Dispose()
    {
        foreach (var (x, rows) in _forwardViews.Values.Concat(_gradientViews.Values).SelectMany(views => views))
        {
            x.Dispose();
            rows.Dispose();
        }

        Array.ForEach(_forwardWeights, weights => weights.Dispose());
        foreach (var matrix in _panelGradients.Concat(_x).Concat([_weights, _bias, _productWeights, _product, _z, _g]))
        {
            matrix.Dispose();
        }

        _weightUpdate.Dispose();
        _biasUpdate.Dispose();
        _peers.Dispose();
        _slopes?.Dispose();
    }

    private void Multiply(int rows)
    {
        var views = Views(_forwardViews, rows, ForwardViews);
        _threads.For(
            _forwardPanels.Count,
            p =>
            {
                Product.Into(views[p].Rows, views[p].X, _forwardWeights[p]);
                _integers?.Scale(_product, _z, rows, _forwardPanels[p]);
            }
        );
    }

    private void Normalize(Activations output, long? dropoutSlot)
    {
        _goodnessScale = dropoutSlot is null ? 1 : _dropout.GoodnessScale;
        if (Shape.Parts == 1)
        {
            ForPieces(output.Rows, row => Normalize(row, Squares(row, dropoutSlot), output));
            return;
        }

        ForPieces(output.Rows, row => _goodness[row] = Squares(row, dropoutSlot));
        _others!.Sum(_goodness.AsSpan(0, output.Rows));
        ForPieces(output.Rows, row => Normalize(row, _goodness[row], output));
    }

    private float Squares(int row, long? dropoutSlot)
    {
        if (dropoutSlot is { } slot)
        {
            _dropout.Apply(_passes, _z, row, slot);
        }

        return _passes.Squares(_z, _bias, row);
    }

    private void Normalize(int row, float squares, Activations output)
    {
        _passes.Normalize(_z, _bias, row, squares / Shape.LayerUnits, output);
        _goodness[row] = GoodnessOf(row, squares);
    }

    /// <summary>Draws a layer's first weights, normal with variance 1 / inputs: a function of seed, layer and unit.</summary>
    /// <param name="firstUnit">Position in the layer of the first of these units.</param>
    /// <param name="isPortable">Whether the bits have to be those of every machine.</param>
    internal static void DrawWeights(Matrix weights, int seed, int layer, int firstUnit, WorkerPool threads, bool isPortable = false)
    {
        var scale = 1 / Math.Sqrt(weights.Columns);
        threads.For(
            weights.Rows,
            unit =>
            {
                var random = new KeyedRandom(seed, RandomPurpose.Weights, layer, firstUnit + unit);
                foreach (ref var weight in weights.Row<float>(unit))
                {
                    weight = (float)((isPortable ? random.NextPortableNormal() : random.NextNormal()) * scale);
                }
            }
        );
    }

    private void RoundWeights()
    {
        if (_integers is not null)
        {
            _threads.For(Units, unit => _integers.Round(_weights, _productWeights, unit));
        }
        else if (!ReferenceEquals(_productWeights, _weights))
        {
            _productWeights.Tensor.copy_(_weights.Tensor);
        }
    }
}
