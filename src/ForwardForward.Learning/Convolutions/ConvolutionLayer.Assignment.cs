namespace ForwardForward.Learning.Convolutions;

// Goodness by channels that learn what they speak for, in place of fixed sets of them.
internal sealed partial class ConvolutionLayer
{
    private readonly ChannelAssignment? _assignment;
    private readonly ChannelExtremes? _extremes;
    private readonly float[] _pulled = []; // by what channels say, (batch, U)

    private void Look(int picture, ReadOnlySpan<float> activity) => _extremes?.Look(picture, activity, Of(_sums, picture));

    private void AssignedGoodness(int picture, Span<float> goodness) => _assignment!.Goodness(_extremes!.Spoken(picture, 1), goodness);

    private void AssignedSlopes(ReadOnlySpan<float> pulls, int pictures)
    {
        var classes = _shape.Classes;
        _assignment!.Gather(pulls, _extremes!.Spoken(0, pictures));
        for (var n = 0; n < pictures; n++)
        {
            var pulled = Of(_pulled, n);
            _assignment.Pulls(pulls.Slice(n * classes, classes), pulled);
            Of(_slope, n).Clear();
            for (var c = 0; c < pulled.Length; c++)
            {
                Of(_offset, n)[c] = _extremes.OfEachPoint(pulled[c]);
            }
        }
    }
}
