using System.Buffers;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// One convolutional layer that learns from the goodness of its own sets of channels, one set a class, without negative rows and without
/// autograd: convolution, rectified, pooled, goodness, normalized. A step is two products over unfolded columns, and passes over what the
/// convolution made. Products are fp32 or portable, all else is fp32. Not thread-safe: one slot at a time.
/// </summary>
/// <remarks>Shapes: N pictures of a slot, P points of the activity, U channels, K inputs of a channel, C classes.</remarks>
internal sealed partial class ConvolutionLayer : ILayer
{
    /// <summary>Name of the tensor that tells how many numbers its pictures have, and how many classes there are.</summary>
    public const string Ends = "ends";

    private const int ChannelsPerPiece = 32;
    private readonly ConvolutionOptions _options;
    private readonly ConvolutionShape _shape;
    private readonly WorkerPool _threads;
    private readonly Matrix _weights; // (U, K)
    private readonly Matrix? _bias; // (1, U)
    private readonly Matrix _ends = new(1, 2, ScalarType.Float32);
    private readonly BatchNormalization? _batch;
    private readonly List<IParameterUpdate> _updates = []; // weights first
    private readonly IConvolution _convolution;
    private readonly Matrix _activity; // (N, P U)
    private readonly Matrix? _chosen; // (batch, P U), where the largest of a square is handed on
    private readonly float[] _sums; // (N, U)
    private readonly float[] _squares; // (N, U)
    private readonly float[] _scale; // (U), or (N, U) where every picture has its own
    private readonly float[] _shift;
    private readonly float[] _goodness; // (N, C)
    private readonly float[] _slope; // (batch, U)
    private readonly float[] _offset;
    private readonly float[] _noBias;
    private readonly float[][] _biasSlopes; // (U) of each lane
    private bool _hasLearned = true; // from what passed last, or need not

    /// <param name="threads">Threads that share one step; null means the caller's alone.</param>
    public ConvolutionLayer(ConvolutionOptions options, WorkerPool? threads = null)
    {
        (_options, _shape, _threads) = (options, options.Shape, threads ?? WorkerPool.One);
        var carrier = ConvolutionTrial.Require(_shape, options.Index, options.Precision);
        var (units, decay) = (_shape.Channels, (float)options.Optimizer.WeightDecay);
        _weights = new Matrix(units, _shape.Inputs, ScalarType.Float32);
        _bias = _shape.Spec.Bias ? new Matrix(1, units, ScalarType.Float32) : null;
        (_ends.Row<float>(0)[0], _ends.Row<float>(0)[1]) = (_shape.In.Size, _shape.Classes);
        Draw();
        Learns("weights", _weights, decay);
        if (_bias is not null)
        {
            Learns("bias", _bias, 0);
        }

        if (_shape.Spec.Normalization == ChannelNormalization.Batch)
        {
            _batch = new BatchNormalization(units, _shape.Activity.Points);
            if (_shape.Spec.Goodness == ChannelGoodness.MeanOfSquares)
            {
                Learns("normalization.scale", _batch.Scale, 0);
                Learns("normalization.shift", _batch.Shift, 0);
            }
        }

        if (options.Contrast is not null)
        {
            _cells = new ContrastCells(_shape);
            _contrast = new SupervisedContrast(options, _cells.Size);
        }

        if (_shape.Spec.Goodness == ChannelGoodness.Assigned)
        {
            (_assignment, _extremes) = (new ChannelAssignment(options), new ChannelExtremes(_shape, options.MaxRows));
            _pulled = new float[options.BatchSize * units];
        }

        var (rows, batch, size) = (options.MaxRows, options.BatchSize, _shape.Activity.Size);
        _convolution = Convolution.Of(_shape, _weights, rows, batch, options.Precision, carrier);
        _activity = new Matrix(rows, size, ScalarType.Float32);
        _chosen = _shape.Spec.Pool == Pooling.Maximum ? new Matrix(rows, size, ScalarType.Float32) : null;
        (_sums, _squares) = (new float[rows * units], new float[rows * units]);
        var normalized = _batch is null ? rows : 1;
        (_scale, _shift) = (new float[normalized * units], new float[normalized * units]);
        _goodness = new float[rows * _shape.Classes];
        (_slope, _offset, _noBias) = (new float[batch * units], new float[batch * units], new float[units]);
        _biasSlopes = [.. Enumerable.Range(0, _convolution.Lanes).Select(_ => new float[units])];
    }

    public int Index => _options.Index;

    /// <summary>N x C of the last slot; what stands behind its rows is older.</summary>
    public ReadOnlySpan<float> LastGoodness => _goodness;

    /// <summary>Rows that passed last.</summary>
    public int LastRows { get; private set; }

    /// <summary>Sizes of the pictures are in it, so that a trained network knows what it takes.</summary>
    public IEnumerable<(string Name, Matrix Value)> State =>
        [
            ("weights", _weights),
            .. _bias is null ? Array.Empty<(string, Matrix)>() : [("bias", _bias)],
            .. _batch is null
                ? Array.Empty<(string, Matrix)>()
                : [("normalization.scale", _batch.Scale), ("normalization.shift", _batch.Shift), .. _batch.Running],
            .. _updates.SelectMany(update => update.State),
            .. _contrast?.State ?? [],
            .. _assignment?.State ?? [],
            (Ends, _ends),
        ];

    public Activations Forward(Activations input, long? trainingSlot = null)
    {
        var pictures = input.Rows;
        LastRows = pictures;
        _hasLearned = trainingSlot is null;
        var output = Activations.Rent(pictures, _shape.RowOut, _options.Rows);
        _threads.For(
            _convolution.Lanes,
            lane =>
            {
                _convolution.Load(lane, input);
                _convolution.Forward(lane, pictures, (picture, made) => Rectify(picture, made, trainingSlot));
            }
        );
        if (_batch is not null && trainingSlot is not null)
        {
            _batch.OfBatch(Sums(pictures), _scale, _shift);
        }
        else
        {
            _batch?.OfTests(_scale, _shift);
        }

        _threads.For(
            _convolution.Lanes,
            lane =>
            {
                for (var picture = lane; picture < pictures; picture += _convolution.Lanes)
                {
                    HandOn(picture, input, output);
                }
            }
        );
        return output;
    }

    public void Restore(IReadOnlyList<StateTensor> state)
    {
        StateTensor.Restore(State, state);
        _convolution.Take(..);
        _assignment?.Weigh();
    }

    public void Dispose()
    {
        _convolution.Dispose();
        _updates.ForEach(update => update.Dispose());
        _batch?.Dispose();
        _contrast?.Dispose();
        _assignment?.Dispose();
        foreach (var matrix in new[] { _weights, _bias, _ends, _activity, _chosen })
        {
            matrix?.Dispose();
        }
    }

    private ReadOnlySpan<float> Bias => _bias is null ? _noBias : _bias.Row<float>(0);

    private ActivitySums Sums(int pictures) =>
        new(_sums.AsSpan(0, pictures * _shape.Channels), _squares.AsSpan(0, pictures * _shape.Channels), _shape.Channels);

    private void Learns(string name, Matrix value, float decay) =>
        _updates.Add(new Parameter(name, value, null, decay).Update(_options.Optimizer));

    // A stream for every channel, so that no other layer's or channel's number depends on how many there are.
    private void Draw()
    {
        var isUniform = _shape.Spec.Initial == InitialKernels.Uniform;
        var limit = isUniform
            ? 1 / Math.Sqrt(_shape.Inputs)
            : Math.Sqrt(2.0 / (_shape.Spec.Kernel * _shape.Spec.Kernel * _shape.ChannelsOfGroup));
        for (var channel = 0; channel < _shape.Channels; channel++)
        {
            var random = new KeyedRandom(_options.Seed, RandomPurpose.Weights, Index, channel);
            foreach (ref var weight in _weights.Row<float>(channel))
            {
                weight = (float)(isUniform ? ((2 * random.NextSingle()) - 1) * limit : Normal(ref random) * limit);
            }

            if (_bias is not null)
            {
                _bias.Row<float>(0)[channel] = (float)(isUniform ? ((2 * random.NextSingle()) - 1) * limit : 0);
            }
        }
    }

    private double Normal(ref KeyedRandom random) => _options.Elementary.IsPortable ? random.NextPortableNormal() : random.NextNormal();

    private void Rectify(int picture, Span<float> made, long? trainingSlot)
    {
        var activity = _activity.Row<float>(picture);
        if (_chosen is null)
        {
            ChannelRows.Rectify(made, Bias, activity);
        }
        else
        {
            ChannelRows.RectifyLargest(made, _shape.Convolved, _shape.Spec.PoolSide, Bias, activity, _chosen.Row<float>(picture));
        }

        if (trainingSlot is { } slot && _options.Dropout > 0)
        {
            ChannelDropout.Apply(_options, activity, slot, picture);
        }

        var (at, units) = (picture * _shape.Channels, _shape.Channels);
        ChannelRows.Sums(activity, _sums.AsSpan(at, units), _squares.AsSpan(at, units));
        Look(picture, activity);
    }

    private float DropoutScale => ChannelDropout.Scale(_options);

    private void HandOn(int picture, Activations input, Activations output)
    {
        var units = _shape.Channels;
        var scale = _scale.AsSpan();
        var shift = _shift.AsSpan();
        var sums = Sums(LastRows);
        if (_batch is null)
        {
            scale = scale.Slice(picture * units, units);
            shift = shift.Slice(picture * units, units);
            PictureNormalization.Normalize(_shape, sums, picture, scale, shift);
        }

        var goodness = _goodness.AsSpan(picture * _shape.Classes, _shape.Classes);
        if (_assignment is null)
        {
            ChannelSets.Goodness(_shape, sums, picture, scale, shift, goodness);
        }
        else
        {
            AssignedGoodness(picture, goodness);
        }

        if (output.Precision == Precision.Fp32)
        {
            HandOn(picture, scale, shift, Row(input, picture), Row(output, picture));
            return;
        }

        var rented = ArrayPool<float>.Shared.Rent(input.Width + output.Width);
        var below = _shape.Route is { Taken: null, Carried.Count: 0 } ? [] : rented.AsSpan(0, input.Width); // that shortcuts look at
        var made = rented.AsSpan(input.Width, output.Width);
        Rounding.From(input.Precision, below.IsEmpty ? [] : Bytes(input, picture), below);
        HandOn(picture, scale, shift, below, made);
        Rounding.To(output.Precision, made, Bytes(output, picture));
        ArrayPool<float>.Shared.Return(rented);
    }

    private void HandOn(int picture, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, ReadOnlySpan<float> below, Span<float> row)
    {
        var made = row[.._shape.Made.Size];
        if (_shape.Spec.Pool == Pooling.Average)
        {
            // a scale and a shift go through a mean
            ChannelRows.Average(_activity.Row<float>(picture), _shape.Activity, _shape.Spec.PoolSide, made);
            ChannelRows.Scale(made, scale, shift, made);
        }
        else
        {
            ChannelRows.Scale(_activity.Row<float>(picture), scale, shift, made);
        }

        ShortcutRows.Complete(_shape, below, row);
    }

    private static Span<float> Row(Activations rows, int picture) => MemoryMarshal.Cast<byte, float>(Bytes(rows, picture));

    private static Span<byte> Bytes(Activations rows, int picture)
    {
        var length = rows.Width * rows.Precision.ElementBytes();
        return rows.Bytes.Slice(picture * length, length);
    }
}
