using System.Buffers;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// A convolution in portable precision: as <see cref="UnfoldedConvolution"/>, of integers whose products are exact
/// (<see cref="IntegerProducts"/>). Pictures become integers by a power of two each, weights by one a channel, and so do the slopes of the
/// places that go together. A product is rounded to bf16, as one in bf16 would have been.
/// </summary>
/// <remarks>Shapes: N pictures, M places of some pictures, K inputs of a channel, U channels.</remarks>
/// <typeparam name="T">Holds an integer.</typeparam>
/// <typeparam name="TElement">Likewise.</typeparam>
/// <typeparam name="TProduct">How a product is read.</typeparam>
internal sealed class IntegerConvolution<T, TElement, TProduct> : IConvolution
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TProduct : struct, IElement<T>
{
    private const int TileLength = IntegerChannels<T, TElement>.TileLength;
    private readonly ConvolutionShape _shape;
    private readonly ConvolutionBounds _bounds;
    private readonly PaddedPictures _padded; // integers
    private readonly PictureLanes _share;
    private readonly Matrix _weights; // (U, K), fp32
    private readonly Matrix _integers; // (U, K)
    private readonly Tensor[] _integersT; // (K, U of the group), of each group
    private readonly float[] _weightSteps; // (U)
    private readonly float[] _pictureSteps; // (N)
    private readonly float[] _channelSquares; // (N), in steps
    private readonly Lane[] _lanes;
    private readonly LaneGradients _gradients;

    /// <inheritdoc cref="UnfoldedConvolution(ConvolutionShape, Matrix, int, int)"/>
    public IntegerConvolution(ConvolutionShape shape, Matrix weights, int pictures, int learned, ScalarType type)
    {
        (_shape, _weights, _bounds) = (shape, weights, new ConvolutionBounds(shape));
        _share = new PictureLanes(shape, ConvolutionBounds.ColumnNumbers, learned);
        _padded = new PaddedPictures(shape, pictures, type);
        _integers = new Matrix(weights.Rows, weights.Columns, type);
        _integersT = GroupViews.Transposed(shape, _integers);
        (_weightSteps, _pictureSteps, _channelSquares) = (new float[weights.Rows], new float[pictures], new float[pictures]);
        _lanes = [.. Enumerable.Range(0, _share.Count).Select(_ => new Lane(shape, _share.Together, type))];
        _gradients = new LaneGradients(shape, _share, [.. _lanes.Select(lane => lane.Gradient)]);
        Take(..);
    }

    public int Lanes => _lanes.Length;

    public void Take(Range channels)
    {
        var (first, count) = channels.GetOffsetAndLength(_shape.Channels);
        for (var channel = first; channel < first + count; channel++)
        {
            var row = _weights.Row<float>(channel);
            _weightSteps[channel] = _bounds.StepOfWeights(row);
            Round(row, _weightSteps[channel], _integers.Row<T>(channel));
        }
    }

    public void Load(int lane, Activations pictures)
    {
        var size = _shape.In.Size;
        var (element, rented) = (pictures.Precision.ElementBytes(), ArrayPool<float>.Shared.Rent(size));
        var values = rented.AsSpan(0, size);
        foreach (var (first, count) in _share.Of(lane, pictures.Rows))
        {
            for (var picture = first; picture < first + count; picture++)
            {
                Rounding.From(pictures.Precision, pictures.Bytes.Slice(picture * pictures.Width * element, size * element), values);
                Load(picture, values);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    public void Forward(int lane, int pictures, TakePicture take)
    {
        var (own, places, units) = (_lanes[lane], _shape.Convolved.Points, _shape.Channels);
        foreach (var (first, count) in _share.Of(lane, pictures))
        {
            var views = own.Views.Of(count * places);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                _padded.Unfold<T>(own.Columns, first, count, group);
                Product.Into(views.Made[group], views.Columns, _integersT[group]);
            }

            for (var i = 0; i < count; i++)
            {
                for (var channel = 0; channel < units; channel++)
                {
                    own.Factors[channel] = _weightSteps[channel] * _pictureSteps[first + i];
                }

                using var factors = new ChannelTile(own.Factors, TileLength);
                IntegerChannels<T, TProduct>.Scale(own.Integers.RowSpan<T>(i * places, places), factors, own.Made(i));
                take(first + i, own.Made(i));
            }
        }
    }

    public void Gradient(int lane, int pictures, TakePicture make)
    {
        var (own, isFirst) = (_lanes[lane], true);
        foreach (var (first, count) in _share.Of(lane, pictures))
        {
            for (var i = 0; i < count; i++)
            {
                make(first + i, own.Made(i));
            }

            ChooseSteps(own, first, count);
            Round(own, first, count);
            var views = own.Views.Of(count * _shape.Convolved.Points);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                _padded.Unfold<T>(own.Columns, first, count, group);
                Product.Into(own.Products[group], views.MadeT[group], views.Columns);
            }

            for (var channel = 0; channel < _shape.Channels; channel++)
            {
                Span<T> product = own.Product.Row<T>(channel);
                var sum = own.Gradient.Row<float>(channel);
                if (isFirst)
                {
                    LanePass<T, TProduct, float, Fp32Element>.Map(product, sum, new Times(own.Steps[channel]));
                }
                else
                {
                    LanePass<T, TProduct, float, Fp32Element>.Map(product, sum, sum, new AddTimes(own.Steps[channel]));
                }
            }

            isFirst = false;
        }
    }

    public Span<float> Sum(Range channels, int pictures) => _gradients.Sum(channels, pictures);

    public Span<float> Summed(Range channels) => _gradients.Summed(channels);

    public void Dispose()
    {
        foreach (var disposable in _integersT.Concat<IDisposable>(_lanes).Concat([_padded, _integers]))
        {
            disposable.Dispose();
        }
    }

    private void Load(int picture, ReadOnlySpan<float> values)
    {
        var extent = PictureExtent.Of(_shape, values);
        var step = _bounds.StepOfPicture(extent);
        (_pictureSteps[picture], _channelSquares[picture]) = (step, _bounds.SquaresOfChannel(extent, step));
        for (var y = 0; y < _shape.In.Height; y++)
        {
            var row = values.Slice(y * _padded.RowLength, _padded.RowLength);
            Round(row, step, _padded.Row<T>(picture, y));
        }
    }

    // A power of two divides without rounding.
    private static void Round(ReadOnlySpan<float> values, float step, Span<T> integers) =>
        LanePass<float, Fp32Element, T, TElement>.Map(values, integers, new ClampedTimes(1 / step));

    // A place's slope counts in the steps of its picture, so those of pictures that go together can be added up.
    private void ChooseSteps(Lane own, int first, int count)
    {
        var units = _shape.Channels;
        using ChannelTile most = new(units, TileLength),
            sum = new(units, TileLength);
        var squaresOfColumn = 0f;
        for (var i = 0; i < count; i++)
        {
            ChannelRows.Measure(own.Made(i), _pictureSteps[first + i], most, sum);
            squaresOfColumn += _channelSquares[first + i];
        }

        most.FoldLargest(own.Largest);
        sum.Fold(own.Squares);
        for (var channel = 0; channel < units; channel++)
        {
            own.Steps[channel] = ConvolutionBounds.StepOfSlopes(
                own.Largest[channel],
                own.Squares[channel],
                count * _shape.Convolved.Points,
                squaresOfColumn
            );
        }
    }

    private void Round(Lane own, int first, int count)
    {
        var places = _shape.Convolved.Points;
        for (var i = 0; i < count; i++)
        {
            for (var channel = 0; channel < own.Factors.Length; channel++)
            {
                own.Factors[channel] = _pictureSteps[first + i] / own.Steps[channel];
            }

            using var factors = new ChannelTile(own.Factors, TileLength);
            IntegerChannels<T, TElement>.Round(own.Made(i), factors, own.Integers.RowSpan<T>(i * places, places));
        }
    }

    /// <summary>What one thread at a time works with.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly int _points;
        private readonly Matrix _made; // (M, U)

        public Lane(ConvolutionShape shape, int together, ScalarType type)
        {
            (_points, var channels) = (shape.Convolved.Points, shape.Channels);
            Columns = new Matrix(together * _points, shape.Inputs, type);
            Integers = new Matrix(together * _points, channels, type);
            _made = new Matrix(together * _points, channels, ScalarType.Float32);
            (Product, Gradient) = (new Matrix(channels, shape.Inputs, type), new Matrix(channels, shape.Inputs, ScalarType.Float32));
            Products = GroupViews.Of(shape, Product);
            Views = new GroupViews(shape, Columns, Integers);
            (Factors, Steps, Largest, Squares) = (new float[channels], new float[channels], new float[channels], new float[channels]);
        }

        public Matrix Columns { get; }

        /// <summary>M x U, of what was made or of its slopes.</summary>
        public Matrix Integers { get; }

        /// <summary>U x K, of some pictures.</summary>
        public Matrix Product { get; }

        /// <summary>Of each group.</summary>
        public Tensor[] Products { get; }

        public Matrix Gradient { get; }

        public GroupViews Views { get; }

        public float[] Factors { get; }

        public float[] Steps { get; }

        public float[] Largest { get; }

        public float[] Squares { get; }

        /// <summary>Places x U of one picture.</summary>
        public Span<float> Made(int picture) => _made.RowSpan<float>(picture * _points, _points);

        public void Dispose()
        {
            foreach (var disposable in Products.Concat<IDisposable>([Views, Columns, Integers, _made, Product, Gradient]))
            {
                disposable.Dispose();
            }
        }
    }
}
