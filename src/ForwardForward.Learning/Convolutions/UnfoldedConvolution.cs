using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// A convolution as products over unfolded columns, some pictures at a time. libtorch's own is silently wrong in some shapes on some
/// processors, and sums in an order that depends on the number of threads; these products have the same bits for any number of threads,
/// since which pictures go together, and in which order gradients are added up, depends on the shape and the batch alone.
/// </summary>
/// <remarks>Shapes: M places of some pictures, K inputs of a channel, U channels.</remarks>
internal sealed class UnfoldedConvolution : IConvolution
{
    private const int ColumnNumbers = 1 << 18;

    private readonly ConvolutionShape _shape;
    private readonly PaddedPictures _padded;
    private readonly PictureLanes _share;
    private readonly Tensor[] _weightsT; // (K, U of the group), of each group
    private readonly Lane[] _lanes;
    private readonly LaneGradients _gradients;

    /// <param name="weights">U x K; its owner changes it.</param>
    /// <param name="pictures">Most of them at a time.</param>
    /// <param name="learned">Pictures of a batch that is learned from.</param>
    public UnfoldedConvolution(ConvolutionShape shape, Matrix weights, int pictures, int learned)
    {
        (_shape, _share) = (shape, new PictureLanes(shape, ColumnNumbers, learned));
        _padded = new PaddedPictures(shape, pictures, ScalarType.Float32);
        _weightsT = GroupViews.Transposed(shape, weights);
        _lanes = [.. Enumerable.Range(0, _share.Count).Select(_ => new Lane(shape, _share.Together))];
        _gradients = new LaneGradients(shape, _share, [.. _lanes.Select(lane => lane.Gradient)]);
    }

    public int Lanes => _lanes.Length;

    public void Take(Range channels)
    {
        // The products read the weights themselves.
    }

    public void Load(int lane, Activations pictures)
    {
        var values = MemoryMarshal.Cast<byte, float>(pictures.Bytes);
        foreach (var (first, count) in _share.Of(lane, pictures.Rows))
        {
            for (var picture = first; picture < first + count; picture++)
            {
                for (var y = 0; y < _shape.In.Height; y++)
                {
                    var from = values.Slice((picture * pictures.Width) + (y * _padded.RowLength), _padded.RowLength);
                    from.CopyTo(_padded.Row<float>(picture, y));
                }
            }
        }
    }

    public void Forward(int lane, int pictures, TakePicture take)
    {
        var (own, places) = (_lanes[lane], _shape.Convolved.Points);
        foreach (var (first, count) in _share.Of(lane, pictures))
        {
            var views = own.Views(count * places);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                _padded.Unfold<float>(own.Columns, first, count, group);
                Product.Into(views.Made[group], views.Columns, _weightsT[group]);
            }

            for (var i = 0; i < count; i++)
            {
                take(first + i, own.Made.RowSpan<float>(i * places, places));
            }
        }
    }

    public void Gradient(int lane, int pictures, TakePicture make)
    {
        var (own, places, kept) = (_lanes[lane], _shape.Convolved.Points, 0f);
        foreach (var (first, count) in _share.Of(lane, pictures))
        {
            for (var i = 0; i < count; i++)
            {
                make(first + i, own.Made.RowSpan<float>(i * places, places));
            }

            var views = own.Views(count * places);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                _padded.Unfold<float>(own.Columns, first, count, group);
                Product.Into(own.Gradients[group], views.MadeT[group], views.Columns, kept);
            }

            kept = 1;
        }
    }

    public Span<float> Sum(Range channels, int pictures) => _gradients.Sum(channels, pictures);

    public Span<float> Summed(Range channels) => _gradients.Summed(channels);

    public void Dispose()
    {
        foreach (var disposable in _weightsT.Concat<IDisposable>(_lanes).Append(_padded))
        {
            disposable.Dispose();
        }
    }

    /// <summary>What one thread at a time works with.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly GroupViews _views;

        public Lane(ConvolutionShape shape, int together)
        {
            Columns = new Matrix(together * shape.Convolved.Points, shape.Inputs, ScalarType.Float32);
            Made = new Matrix(together * shape.Convolved.Points, shape.Channels, ScalarType.Float32);
            Gradient = new Matrix(shape.Channels, shape.Inputs, ScalarType.Float32);
            Gradients = GroupViews.Of(shape, Gradient);
            _views = new GroupViews(shape, Columns, Made);
        }

        public Matrix Columns { get; }

        public Matrix Made { get; }

        public Matrix Gradient { get; }

        /// <summary>Of each group.</summary>
        public Tensor[] Gradients { get; }

        public PlaceViews Views(int places) => _views.Of(places);

        public void Dispose()
        {
            foreach (var disposable in Gradients.Concat<IDisposable>([_views, Columns, Made, Gradient]))
            {
                disposable.Dispose();
            }
        }
    }
}
