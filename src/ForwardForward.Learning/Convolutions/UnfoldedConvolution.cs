using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>
/// A convolution as products over unfolded columns, some pictures at a time. libtorch's own is silently wrong in some shapes on some
/// processors, and sums in an order that depends on the number of threads; these products have the same bits for any number of threads,
/// since which pictures go together, and in which order gradients are added up, depends on the shape and the batch alone.
/// </summary>
/// <remarks>
/// Shapes: N pictures of H x W x C with zeros around, M places of some pictures, K inputs of a channel (kernel row, kernel column, channel
/// of the group), U channels.
/// </remarks>
internal sealed class UnfoldedConvolution : IDisposable
{
    private const int ColumnNumbers = 1 << 18; // of the pictures that go together: they stay in a core's cache
    private const int MostLanes = 4; // each has a gradient of its own

    private readonly ConvolutionShape _shape;
    private readonly Matrix _weights; // (U, K)
    private readonly Matrix _padded; // (N, (H + 2 padding) (W + 2 padding) C)
    private readonly Tensor[] _weightsT; // (K, U of the group), of each group
    private readonly Lane[] _lanes;
    private readonly int _together;

    /// <param name="weights">U x K; its owner changes it.</param>
    /// <param name="pictures">Most of them at a time.</param>
    /// <param name="learned">Pictures of a batch that is learned from.</param>
    public UnfoldedConvolution(ConvolutionShape shape, Matrix weights, int pictures, int learned)
    {
        (_shape, _weights) = (shape, weights);
        var perPicture = shape.Convolved.Points * Math.Max(shape.Inputs, shape.Channels);
        _together = Math.Clamp(ColumnNumbers / perPicture, 1, 16);
        _padded = new Matrix(pictures, (shape.In.Height + (2 * shape.Padding)) * PaddedRow, ScalarType.Float32);
        _weightsT =
        [
            .. Enumerable
                .Range(0, shape.Spec.Groups)
                .Select(group => weights.View(Group(group), Range.All))
                .Select(view =>
                {
                    using (view)
                    {
                        return view.t().DetachFromDisposeScope();
                    }
                }),
        ];
        _lanes = [.. Enumerable.Range(0, Math.Clamp(Pieces(learned), 1, MostLanes)).Select(_ => new Lane(shape, _together))];
    }

    /// <summary>How many parts the pictures are shared among; each may go on a thread of its own.</summary>
    public int Lanes => _lanes.Length;

    private int PaddedRow => (_shape.In.Width + (2 * _shape.Padding)) * _shape.In.Channels;

    /// <summary>Takes up the pictures of a lane.</summary>
    /// <param name="pictures">Rows that begin with them.</param>
    public void Load(int lane, Activations pictures)
    {
        var values = MemoryMarshal.Cast<byte, float>(pictures.Bytes);
        var size = _shape.In.Size;
        foreach (var (first, count) in Of(lane, pictures.Rows))
        {
            for (var picture = first; picture < first + count; picture++)
            {
                Load(picture, values.Slice(picture * pictures.Width, size));
            }
        }
    }

    private void Load(int picture, ReadOnlySpan<float> values)
    {
        var padded = _padded.Row<float>(picture);
        var row = _shape.In.Width * _shape.In.Channels;
        for (var y = 0; y < _shape.In.Height; y++)
        {
            values.Slice(y * row, row).CopyTo(padded[(((y + _shape.Padding) * PaddedRow) + (_shape.Padding * _shape.In.Channels))..]);
        }
    }

    /// <summary>Convolves the pictures of a lane.</summary>
    /// <param name="pictures">Of all lanes.</param>
    /// <param name="take">Gets the number of each picture and what became of it, places x U, valid for the call.</param>
    public void Forward(int lane, int pictures, TakePicture take)
    {
        var (own, places) = (_lanes[lane], _shape.Convolved.Points);
        foreach (var (first, count) in Of(lane, pictures))
        {
            var views = own.Views(count * places);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                Unfold(own.Columns, first, count, group);
                Product.Into(views.Made[group], views.Columns, _weightsT[group]);
            }

            for (var i = 0; i < count; i++)
            {
                take(first + i, own.Made.RowSpan<float>(i * places, places));
            }
        }
    }

    /// <summary>Adds up the gradient of a lane's pictures.</summary>
    /// <param name="pictures">Of all lanes.</param>
    /// <param name="make">Writes the slope of a picture's places, places x U.</param>
    public void Gradient(int lane, int pictures, TakePicture make)
    {
        var (own, places, kept) = (_lanes[lane], _shape.Convolved.Points, 0f);
        foreach (var (first, count) in Of(lane, pictures))
        {
            for (var i = 0; i < count; i++)
            {
                make(first + i, own.Made.RowSpan<float>(i * places, places));
            }

            var views = own.Views(count * places);
            for (var group = 0; group < _shape.Spec.Groups; group++)
            {
                Unfold(own.Columns, first, count, group);
                Product.Into(own.Gradients[group], views.MadeT[group], views.Columns, kept);
            }

            kept = 1;
        }
    }

    /// <summary>Adds up the gradient of some channels over all lanes, in their order, and returns it: U x K of them.</summary>
    /// <param name="pictures">As <see cref="Gradient"/> was given them.</param>
    public Span<float> Sum(Range channels, int pictures)
    {
        var (first, count) = channels.GetOffsetAndLength(_shape.Channels);
        var sum = Summed(channels);
        foreach (var lane in _lanes.Take(Pieces(pictures)).Skip(1))
        {
            ChannelRows.Add(lane.Gradient.RowSpan<float>(first, count), sum);
        }

        return sum;
    }

    /// <summary>What <see cref="Sum"/> has returned of these channels; valid until the next gradient.</summary>
    public Span<float> Summed(Range channels)
    {
        var (first, count) = channels.GetOffsetAndLength(_shape.Channels);
        return _lanes[0].Gradient.RowSpan<float>(first, count);
    }

    public void Dispose()
    {
        foreach (var view in _weightsT)
        {
            view.Dispose();
        }

        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }

        _padded.Dispose();
    }

    private int Pieces(int pictures) => (pictures + _together - 1) / _together;

    private IEnumerable<(int First, int Count)> Of(int lane, int pictures)
    {
        for (var first = lane * _together; first < pictures; first += _together * _lanes.Length)
        {
            yield return (first, Math.Min(_together, pictures - first));
        }
    }

    private Range Group(int group) => (group * _shape.ChannelsOfGroup)..((group + 1) * _shape.ChannelsOfGroup);

    // A row of a kernel lies in one piece where there is one group: then that is what is copied.
    private void Unfold(Matrix columns, int first, int count, int group)
    {
        var (made, channels, kernel, row) = (_shape.Convolved, _shape.In.Channels, _shape.Spec.Kernel, PaddedRow);
        var (piece, pieces) = _shape.Spec.Groups == 1 ? (kernel * channels, 1) : (_shape.InOfGroup, kernel);
        var (across, down) = (_shape.Spec.Stride * channels, _shape.Spec.Stride * row);
        ref var target = ref MemoryMarshal.GetReference(columns.RowSpan<float>(0, count * made.Points));
        for (var picture = first; picture < first + count; picture++)
        {
            ref var padded = ref MemoryMarshal.GetReference(_padded.Row<float>(picture));
            for (var y = 0; y < made.Height; y++)
            {
                for (var x = 0; x < made.Width; x++)
                {
                    var from = (y * down) + (x * across) + (group * _shape.InOfGroup);
                    for (var below = 0; below < kernel; below++, from += row)
                    {
                        for (var i = 0; i < pieces; i++)
                        {
                            ColumnPieces.Copy(ref Unsafe.Add(ref padded, from + (i * channels)), ref target, piece);
                            target = ref Unsafe.Add(ref target, piece);
                        }
                    }
                }
            }
        }
    }

    /// <summary>What one thread at a time works with.</summary>
    private sealed class Lane(ConvolutionShape shape, int together) : IDisposable
    {
        private readonly Dictionary<int, LaneViews> _views = []; // by M
        private Tensor[]? _gradients;

        public Matrix Columns { get; } = new(together * shape.Convolved.Points, shape.Inputs, ScalarType.Float32);

        public Matrix Made { get; } = new(together * shape.Convolved.Points, shape.Channels, ScalarType.Float32);

        public Matrix Gradient { get; } = new(shape.Channels, shape.Inputs, ScalarType.Float32);

        /// <summary>Of each group.</summary>
        public Tensor[] Gradients =>
            _gradients ??= [.. Enumerable.Range(0, shape.Spec.Groups).Select(group => Gradient.View(Channels(group), Range.All))];

        public LaneViews Views(int rows)
        {
            if (!_views.TryGetValue(rows, out var views))
            {
                Tensor[] made = [.. Enumerable.Range(0, shape.Spec.Groups).Select(group => Made.View(..rows, Channels(group)))];
                Tensor[] madeT = [.. made.Select(one => one.t().DetachFromDisposeScope())];
                _views[rows] = views = new LaneViews(Columns.View(..rows, ..), made, madeT);
            }

            return views;
        }

        public void Dispose()
        {
            foreach (var tensor in _views.Values.SelectMany(views => views.All).Concat(_gradients ?? []))
            {
                tensor.Dispose();
            }

            Columns.Dispose();
            Made.Dispose();
            Gradient.Dispose();
        }

        private Range Channels(int group) => (group * shape.ChannelsOfGroup)..((group + 1) * shape.ChannelsOfGroup);
    }

    private sealed record LaneViews(Tensor Columns, Tensor[] Made, Tensor[] MadeT)
    {
        public IEnumerable<Tensor> All => [Columns, .. Made, .. MadeT];
    }
}

/// <summary>Reads or writes what a convolution makes of one picture: places x channels.</summary>
internal delegate void TakePicture(int picture, Span<float> places);
