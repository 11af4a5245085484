using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Optimizers;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Convolutions;

internal sealed partial class ConvolutionLayer
{
    public LayerStep Learn(RowLayout layout, ReadOnlySpan<byte> labels, double rateFactor, long update)
    {
        if (_hasLearned || labels.Length != LastRows)
        {
            throw new InvalidOperationException(
                "There is nothing to learn from: the rows that went through last were of no training slot."
            );
        }

        _hasLearned = true;
        var pulls = _goodness.AsSpan(0, labels.Length * _shape.Classes).ToArray();
        var step = Measure(pulls, labels).Require(Index, _options.Optimizer.LearningRate);
        if (rateFactor > 0)
        {
            Update(pulls, labels.Length, new UpdateStep((float)(_options.Optimizer.LearningRate * rateFactor), labels.Length, update));
        }

        return step;
    }

    /// <param name="pulls">Goodness, N x C, of which it makes what the log likelihood rises with.</param>
    private LayerStep Measure(Span<float> pulls, ReadOnlySpan<byte> labels)
    {
        double right = 0,
            wrong = 0,
            loss = 0;
        for (var n = 0; n < labels.Length; n++)
        {
            var goodness = pulls.Slice(n * _shape.Classes, _shape.Classes);
            right += goodness[labels[n]];
            foreach (var one in goodness)
            {
                wrong += one;
            }

            loss += ChannelSets.Pulls(goodness, labels[n]);
        }

        return new LayerStep(right / labels.Length, (wrong - right) / labels.Length / (_shape.Classes - 1), loss / labels.Length);
    }

    private void Update(ReadOnlySpan<float> pulls, int pictures, UpdateStep step)
    {
        float[] byScale = new float[_shape.Channels],
            byShift = new float[_shape.Channels];
        Slopes(pulls, pictures, byScale, byShift);
        _threads.For(
            _convolution.Lanes,
            lane =>
            {
                var bias = _biasSlopes[lane];
                bias.AsSpan().Clear();
                var pooled = _chosen is null ? [] : new float[_shape.Activity.Size];
                var (sums, squares) = (new float[bias.Length], new float[bias.Length]);
                _convolution.Gradient(
                    lane,
                    pictures,
                    (picture, made) =>
                    {
                        Slope(picture, made, pooled);
                        ChannelRows.Sums(_chosen is null ? made : pooled, sums, squares);
                        ChannelRows.Add(sums, bias);
                    }
                );
            }
        );
        var panels = Panels.Of(_shape.Channels, ChannelsPerPiece);
        _threads.For(
            panels.Count,
            piece =>
            {
                var channels = panels[piece];
                var first = channels.Start.GetOffset(_shape.Channels);
                _updates[0].Step<float, Fp32Element>(first, _convolution.Gradient(channels, pictures), step);
            }
        );
        if (_bias is not null)
        {
            foreach (var lane in _biasSlopes.Skip(1))
            {
                ChannelRows.Add(lane, _biasSlopes[0]);
            }

            _updates[1].Step<float, Fp32Element>(0, _biasSlopes[0], step);
        }

        if (_batch is not null && _shape.Spec.Goodness == ChannelGoodness.MeanOfSquares)
        {
            _updates[^2].Step<float, Fp32Element>(0, byScale, step);
            _updates[^1].Step<float, Fp32Element>(0, byShift, step);
        }
    }

    // The slope of the log likelihood by every activity: slope * activity + offset.
    private void Slopes(ReadOnlySpan<float> pulls, int pictures, Span<float> byScale, Span<float> byShift)
    {
        var (units, share) = (_shape.Channels, 1.0 / _shape.ChannelsOfClass / _shape.Activity.Points);
        var ofSquares = _shape.Spec.Goodness == ChannelGoodness.MeanOfSquares;
        for (var n = 0; n < pictures; n++)
        {
            for (var c = 0; c < units; c++)
            {
                var pull = pulls[(n * _shape.Classes) + (c / _shape.ChannelsOfClass)] * share;
                _slope[(n * units) + c] = ofSquares ? (float)(2 * pull) : 0;
                _offset[(n * units) + c] = ofSquares ? 0 : (float)pull;
            }
        }

        if (ofSquares)
        {
            var count = pictures * units;
            _batch!.Slopes(
                Sums(pictures),
                _slope.AsSpan(0, count).ToArray(),
                _slope.AsSpan(0, count),
                _offset.AsSpan(0, count),
                byScale,
                byShift
            );
        }

        foreach (ref var one in _options.Dropout > 0 ? _slope.AsSpan() : [])
        {
            one *= DropoutScale;
        }

        foreach (ref var one in _options.Dropout > 0 ? _offset.AsSpan() : [])
        {
            one *= DropoutScale;
        }
    }

    private void Slope(int picture, Span<float> made, Span<float> pooled)
    {
        var units = _shape.Channels;
        var slope = _slope.AsSpan(picture * units, units);
        var offset = _offset.AsSpan(picture * units, units);
        if (_chosen is null)
        {
            ChannelRows.Slopes(_activity.Row<float>(picture), slope, offset, made);
            return;
        }

        ChannelRows.Slopes(_activity.Row<float>(picture), slope, offset, pooled);
        ChannelRows.Spread(pooled, _chosen.Row<float>(picture), _shape.Convolved, _shape.Spec.PoolSide, made);
    }
}
