using ForwardForward.Learning.Tensors;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Convolutions;

/// <summary>Views of what one thread multiplies, made once for each number of places.</summary>
/// <remarks>Shapes: M places, K inputs of a channel, U channels, of which each group has some.</remarks>
/// <param name="columns">M x K at most; of one group at a time.</param>
/// <param name="made">M x U at most.</param>
internal sealed class GroupViews(ConvolutionShape shape, Matrix columns, Matrix made) : IDisposable
{
    private readonly Dictionary<int, PlaceViews> _views = []; // by M

    public PlaceViews Of(int places)
    {
        if (!_views.TryGetValue(places, out var views))
        {
            Tensor[] groups = [.. Enumerable.Range(0, shape.Spec.Groups).Select(group => made.View(..places, Channels(shape, group)))];
            _views[places] = views = new PlaceViews(
                columns.View(..places, ..),
                groups,
                [.. groups.Select(one => one.t().DetachFromDisposeScope())]
            );
        }

        return views;
    }

    /// <summary>A view of each group's rows of a matrix with a row for every channel.</summary>
    public static Tensor[] Of(ConvolutionShape shape, Matrix channels) =>
        [.. Enumerable.Range(0, shape.Spec.Groups).Select(group => channels.View(Channels(shape, group), Range.All))];

    /// <summary>As <see cref="Of(ConvolutionShape, Matrix)"/>, transposed.</summary>
    public static Tensor[] Transposed(ConvolutionShape shape, Matrix channels) =>
        [
            .. Of(shape, channels)
                .Select(view =>
                {
                    using (view)
                    {
                        return view.t().DetachFromDisposeScope();
                    }
                }),
        ];

    public void Dispose()
    {
        foreach (var tensor in _views.Values.SelectMany(views => views.All))
        {
            tensor.Dispose();
        }
    }

    private static Range Channels(ConvolutionShape shape, int group) =>
        (group * shape.ChannelsOfGroup)..((group + 1) * shape.ChannelsOfGroup);
}

/// <param name="Columns">M x K.</param>
/// <param name="Made">M x U of each group.</param>
/// <param name="MadeT">The same, transposed.</param>
internal sealed record PlaceViews(Tensor Columns, Tensor[] Made, Tensor[] MadeT)
{
    public IEnumerable<Tensor> All => [Columns, .. Made, .. MadeT];
}
