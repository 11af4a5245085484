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

    // What comes by the mean and the deviation that a picture is normalized with, beside what each cell's points have of their own.
    private void AddContrast(int pictures)
    {
        var units = _shape.Channels;
        var (up, across) = (new double[units], new double[units]);
        for (var n = 0; n < pictures; n++)
        {
            var slopes = _contrast!.Slopes(n);
            var seen = _contrast.Seen(n);
            Array.Clear(up);
            Array.Clear(across);
            for (var i = 0; i < slopes.Length; i++)
            {
                up[i % units] += slopes[i];
                across[i % units] += (double)slopes[i] * seen[i];
            }

            PictureNormalization.AddSlopes(_shape, up, across, Of(_scale, n), Of(_shift, n), Of(_slope, n), Of(_offset, n));
        }
    }

    private Span<float> Of(float[] values, int picture) => values.AsSpan(picture * _shape.Channels, _shape.Channels);
}
