namespace ForwardForward.Learning.Convolutions;

internal sealed partial class ConvolutionLayer
{
    private readonly ContrastCells? _cells;
    private readonly SupervisedContrast? _contrast;

    private void Embed(int pictures, ReadOnlySpan<byte> labels, long update)
    {
        _threads.For(
            _convolution.Lanes,
            lane =>
            {
                for (var picture = lane; picture < pictures; picture += _convolution.Lanes)
                {
                    _cells!.Means(_activity.Row<float>(picture), Of(_scale, picture), Of(_shift, picture), _contrast!.Seen(picture));
                }
            }
        );
        _contrast!.Pull(labels, _options.Contrast!.At(update), _options.Contrast.Spec.Contrast);
    }

    // The part of the contrast's slope that comes by the mean and the deviation of a class's set of channels, which group normalization
    // takes of each picture: slope * activity + offset, beside what each cell's points have of their own.
    private void AddContrast(int pictures)
    {
        var (units, own) = (_shape.Channels, _shape.ChannelsOfClass);
        var count = (double)own * _shape.Activity.Points;
        for (var n = 0; n < pictures; n++)
        {
            var slopes = _contrast!.Slopes(n);
            var seen = _contrast.Seen(n);
            var scale = Of(_scale, n);
            var shift = Of(_shift, n);
            for (var set = 0; set < _shape.Classes; set++)
            {
                double mean = 0,
                    across = 0;
                for (var first = set * own; first < slopes.Length; first += units)
                {
                    for (var i = first; i < first + own; i++)
                    {
                        mean += slopes[i];
                        across += (double)slopes[i] * seen[i];
                    }
                }

                double r = scale[set * own],
                    s = shift[set * own];
                for (var c = set * own; c < (set + 1) * own; c++)
                {
                    _slope[(n * units) + c] += (float)(-r * r * across / count);
                    _offset[(n * units) + c] += (float)(-r * (mean + (s * across)) / count);
                }
            }
        }
    }

    private Span<float> Of(float[] values, int picture) => values.AsSpan(picture * _shape.Channels, _shape.Channels);
}
