using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

/// <summary>The gradient that each lane has added up, U x K, and their sum in the order of the lanes, which is kept in the first.</summary>
internal sealed class LaneGradients(ConvolutionShape shape, PictureLanes share, IReadOnlyList<Matrix> lanes)
{
    /// <inheritdoc cref="IConvolution.Sum"/>
    public Span<float> Sum(Range channels, int pictures)
    {
        var (first, count) = channels.GetOffsetAndLength(shape.Channels);
        var sum = Summed(channels);
        foreach (var lane in lanes.Take(share.Pieces(pictures)).Skip(1))
        {
            ChannelRows.Add(lane.RowSpan<float>(first, count), sum);
        }

        return sum;
    }

    /// <inheritdoc cref="IConvolution.Summed"/>
    public Span<float> Summed(Range channels)
    {
        var (first, count) = channels.GetOffsetAndLength(shape.Channels);
        return lanes[0].RowSpan<float>(first, count);
    }
}
