using System.Globalization;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Backpropagation;

/// <summary>
/// Dense layers of rectified linear units that learn together by backpropagation, the baseline that Forward-Forward is held against: as
/// <see cref="BackpropagationNetwork"/> does it, but without autograd, in buffers made once, with every pass over memory beside a matrix
/// product, on as many threads as there are, in fp32 or bf16 as a layer of Forward-Forward. The last layer, whose products are small, is
/// always in fp32.
/// </summary>
/// <remarks>Shapes: R rows of a slot, B rows of a batch, U units of a layer, C classes. Not thread-safe: one slot at a time.</remarks>
internal sealed class FusedPerceptron : ILayer
{
    private const int RowsPerPiece = 25;
    private readonly ExperimentSpec _spec;
    private readonly WorkerPool _threads;
    private readonly bool _ownsThreads;
    private readonly int _classes;
    private readonly DenseLayer[] _layers; // the last one is the classes'
    private readonly IRowPasses _passes;
    private readonly IRectifier _rectifier;
    private readonly Matrix _x; // (R, pixels)
    private readonly Matrix[] _y; // (R, U) of every hidden layer
    private readonly Matrix[] _slopes; // (B, U) likewise, by its z
    private readonly Matrix _top; // (R, U) of the last of them, fp32
    private readonly Matrix _topSlopes; // (B, U) likewise, by its y
    private readonly Matrix _logits; // (R, C), then probabilities
    private readonly Matrix _logitSlopes; // (B, C)
    private readonly float _kept; // what a unit that is not left out counts while it learns
    private readonly ushort _dropped; // out of 65,536
    private int _rows = -1; // of the last slot, where it was one of training

    /// <param name="maxRows">Most rows that a slot carries.</param>
    /// <param name="threads">Threads that share a step; null: as many as this machine has cores.</param>
    public FusedPerceptron(ExperimentSpec spec, int pixels, int classes, int maxRows, WorkerPool? threads = null)
    {
        (_spec, _classes, _ownsThreads) = (spec, classes, threads is null);
        _threads = threads ?? new WorkerPool(Environment.ProcessorCount);
        var shapes = NetworkShape.Of(spec, pixels, classes);
        _layers =
        [
            .. shapes.Select(
                (shape, i) =>
                    new DenseLayer(
                        new NetworkWeights(spec.Seed, i, shape),
                        i + 1,
                        spec.Optimizer,
                        i == shapes.Count - 1 ? Precision.Fp32 : spec.Precision,
                        _threads
                    )
            ),
        ];
        var type = spec.Precision.ScalarType();
        (_passes, _rectifier) = (RowPasses.For(spec.Precision), Rectifier.For(spec.Precision));
        _x = new Matrix(maxRows, pixels, type);
        _y = [.. spec.Layers.Select(units => new Matrix(maxRows, units, type))];
        _slopes = [.. spec.Layers.Select(units => new Matrix(spec.BatchSize, units, type))];
        var isFp32 = spec.Precision == Precision.Fp32;
        _top = isFp32 ? _y[^1] : new Matrix(maxRows, spec.Layers[^1], ScalarType.Float32);
        _topSlopes = isFp32 ? _slopes[^1] : new Matrix(spec.BatchSize, spec.Layers[^1], ScalarType.Float32);
        (_logits, _logitSlopes) = (
            new Matrix(maxRows, classes, ScalarType.Float32),
            new Matrix(spec.BatchSize, classes, ScalarType.Float32)
        );
        _kept = (float)(1 / (1 - spec.Regularization.Dropout));
        _dropped = (ushort)Math.Round(spec.Regularization.Dropout * (1 << 16));
    }

    public int Index => 0;

    public ReadOnlySpan<float> LastGoodness => [];

    public IEnumerable<(string Name, Matrix Value)> State =>
        [
            .. _layers.SelectMany(layer => new[] { (layer.WeightsName, layer.Weights), (layer.BiasName, layer.Bias) }),
            .. _layers.SelectMany(layer => layer.Moments),
        ];

    /// <returns>Class probabilities, R x C.</returns>
    /// <inheritdoc/>
    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        var rows = input.Rows;
        input.Bytes.CopyTo(_x.RowSpan<byte>(0, rows));
        var slot = _dropped > 0 ? trainingSlot : null;
        for (var i = 0; i < _y.Length; i++)
        {
            var (layer, y, below) = (i, _y[i], i == 0 ? _x : _y[i - 1]);
            _layers[i].Up(below, y, rows);
            ForPieces(rows, row => Rectify(layer, row, rows, slot));
        }

        _layers[^1].Up(_top, _logits, rows);
        var output = Activations.Rent(rows, _classes, Precision.Fp32);
        for (var row = 0; row < rows; row++)
        {
            Softmax(_logits.Row<float>(row), _layers[^1].Bias.Row<float>(0));
        }

        _logits.RowSpan<byte>(0, rows).CopyTo(output.Bytes);
        _rows = trainingSlot is null ? -1 : rows;
        return output;
    }

    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        if (_rows != labels.Length)
        {
            throw new InvalidOperationException(
                "There is nothing to learn from: the rows that went through last were of no training slot."
            );
        }

        var loss = Slopes(labels);
        SendDown();
        var step = new UpdateStep((float)(_spec.Optimizer.LearningRate * rateFactor), _rows, update);
        _layers[^1].Learn(_logitSlopes, _top, _rows, step);
        for (var i = _y.Length - 1; i >= 0; i--)
        {
            _layers[i].Learn(_slopes[i], i == 0 ? _x : _y[i - 1], _rows, step);
        }

        _rows = -1;
        return new LayerStep(0, 0, loss);
    }

    public void Restore(IReadOnlyList<StateTensor> state)
    {
        StateTensor.Restore(State, state);
        Array.ForEach(_layers, layer => layer.Round());
    }

    public void Dispose()
    {
        Array.ForEach(_layers, layer => layer.Dispose());
        foreach (var matrix in _y.Concat(_slopes).Concat([_x, _top, _topSlopes, _logits, _logitSlopes]).Distinct())
        {
            matrix.Dispose();
        }

        if (_ownsThreads)
        {
            _threads.Dispose();
        }
    }

    private void Rectify(int layer, int row, int rows, long? slot)
    {
        var y = _y[layer];
        if (slot is { } number)
        {
            _passes.Drop(y, row, _dropped, Random(layer, (number * rows) + row));
        }

        _rectifier.Up(y, _layers[layer].Bias, row, slot is null ? 1 : _kept);
        if (layer == _y.Length - 1 && !ReferenceEquals(y, _top))
        {
            Rounding.FromBf16(y.Row<ushort>(row), _top.Row<float>(row));
        }
    }

    private KeyedRandom Random(int layer, long row) => new(_spec.DrawSeed, RandomPurpose.Dropout, layer, row);

    // Of the log likelihood of the smoothed label (Szegedy et al. 2016) by the logits.
    private double Slopes(ReadOnlySpan<byte> labels)
    {
        var (smoothing, loss) = ((float)_spec.Backpropagation.LabelSmoothing, 0.0);
        for (var row = 0; row < labels.Length; row++)
        {
            var probabilities = _logits.Row<float>(row);
            var slopes = _logitSlopes.Row<float>(row);
            for (var c = 0; c < _classes; c++)
            {
                var target = (smoothing / _classes) + (c == labels[row] ? 1 - smoothing : 0);
                slopes[c] = target - probabilities[c];
                loss -= target == 0 ? 0 : target * Math.Log(Math.Max(probabilities[c], float.Epsilon));
            }
        }

        loss /= labels.Length;
        var isFinite = double.IsFinite(loss) && _logitSlopes.RowSpan<float>(0, labels.Length).IndexOfAnyExceptInRange(-2f, 2f) < 0;
        return isFinite
            ? loss
            : throw new DivergedException(
                "The network",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its class probabilities are no numbers; lower optimizer.learningRate ({_spec.Optimizer.LearningRate})."
                )
            );
    }

    // Before any weight moves.
    private void SendDown()
    {
        var scale = _dropped > 0 ? _kept : 1;
        _layers[^1].Down(_logitSlopes, _topSlopes, _rows);
        for (var i = _y.Length - 1; i >= 0; i--)
        {
            var (slopes, y, isRounded) = (_slopes[i], _y[i], i == _y.Length - 1 && !ReferenceEquals(_slopes[i], _topSlopes));
            ForPieces(
                _rows,
                row =>
                {
                    if (isRounded)
                    {
                        _passes.Round(_topSlopes.Row<float>(row), slopes, row, 0);
                    }

                    _rectifier.Down(slopes, y, row, scale);
                }
            );
            if (i > 0)
            {
                _layers[i].Down(slopes, _slopes[i - 1], _rows);
            }
        }
    }

    private static void Softmax(Span<float> logits, ReadOnlySpan<float> bias)
    {
        var largest = float.NegativeInfinity;
        for (var c = 0; c < logits.Length; c++)
        {
            logits[c] += bias[c];
            largest = Math.Max(largest, logits[c]); // no number stays none
        }

        var sum = 0f;
        foreach (ref var logit in logits)
        {
            sum += logit = MathF.Exp(logit - largest);
        }

        foreach (ref var share in logits)
        {
            share /= sum;
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
}
