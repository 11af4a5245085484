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
        var step = ChannelSets.Measure(_shape, pulls, labels, _options.Elementary).Require(Index, _options.Optimizer.LearningRate);
        if (rateFactor > 0)
        {
            if (_contrast is not null)
            {
                Embed(labels.Length, labels, update);
            }

            Update(pulls, labels.Length, new UpdateStep((float)(_options.Optimizer.LearningRate * rateFactor), labels.Length, update));
        }

        return step;
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
        foreach (var lane in _biasSlopes.Skip(1))
        {
            ChannelRows.Add(lane, _biasSlopes[0]);
        }

        var panels = Panels.Of(_shape.Channels, ChannelsPerPiece);
        var squares = new double[panels.Count];
        _threads.For(panels.Count, piece => squares[piece] = Clipping.Squares(_convolution.Sum(panels[piece], pictures), IsClipped));
        var share = IsClipped ? Clip(squares.Sum(), byScale, byShift, pictures) : 1;
        _threads.For(
            panels.Count,
            piece =>
            {
                var gradient = _convolution.Summed(panels[piece]);
                Clipping.Scale(gradient, share);
                _updates[0].Step<float, Fp32Element>(panels[piece].Start.GetOffset(_shape.Channels), gradient, step);
                _convolution.Take(panels[piece]);
            }
        );
        if (_bias is not null)
        {
            _updates[1].Step<float, Fp32Element>(0, _biasSlopes[0], step);
        }

        if (_batch is not null && _shape.Spec.Goodness == ChannelGoodness.MeanOfSquares)
        {
            _updates[^2].Step<float, Fp32Element>(0, byScale, step);
            _updates[^1].Step<float, Fp32Element>(0, byShift, step);
        }

        _contrast?.Learn(step);
        _assignment?.Learn(step);
    }

    private bool IsClipped => _options.Optimizer.Clip > 0;

    // All but the kernels is scaled here.
    private float Clip(double squares, Span<float> byScale, Span<float> byShift, int pictures)
    {
        var byBias = _bias is null ? [] : _biasSlopes[0].AsSpan();
        var byContrast = _contrast is null ? [] : _contrast.Gradient;
        var byScores = _assignment is null ? [] : _assignment.Gradient.AsSpan();
        var byHeat = _assignment is null ? [] : _assignment.ByHeat;
        squares += Clipping.Squares(byBias) + Clipping.Squares(byScale) + Clipping.Squares(byShift) + Clipping.Squares(byContrast);
        squares += Clipping.Squares(byScores) + Clipping.Squares(byHeat);
        var share = Clipping.Share(_options.Optimizer.Clip, Math.Sqrt(squares) / pictures);
        Clipping.Scale(byBias, share);
        Clipping.Scale(byScale, share);
        Clipping.Scale(byShift, share);
        Clipping.Scale(byContrast, share);
        Clipping.Scale(byScores, share);
        Clipping.Scale(byHeat, share);
        return share;
    }

    // The slope of the log likelihood by every activity: slope * activity + offset.
    private void Slopes(ReadOnlySpan<float> pulls, int pictures, Span<float> byScale, Span<float> byShift)
    {
        if (_assignment is null)
        {
            SlopesOfSets(pulls, pictures, byScale, byShift);
        }
        else
        {
            AssignedSlopes(pulls, pictures);
        }

        if (_contrast is not null)
        {
            AddContrast(pictures);
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

    private void SlopesOfSets(ReadOnlySpan<float> pulls, int pictures, Span<float> byScale, Span<float> byShift)
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

        if (ofSquares && _batch is not null)
        {
            var count = pictures * units;
            _batch.Slopes(
                Sums(pictures),
                _slope.AsSpan(0, count).ToArray(),
                _slope.AsSpan(0, count),
                _offset.AsSpan(0, count),
                byScale,
                byShift
            );
        }
        else if (ofSquares)
        {
            SlopesOfSquares(pictures);
        }
    }

    // Where each picture is normalized by itself: of pull * y, with y = scale * activity + shift.
    private void SlopesOfSquares(int pictures)
    {
        var (units, points) = (_shape.Channels, _shape.Activity.Points);
        var sums = Sums(pictures);
        var (up, across) = (new double[units], new double[units]);
        for (var n = 0; n < pictures; n++)
        {
            for (var c = 0; c < units; c++)
            {
                double pull = Of(_slope, n)[c],
                    r = Of(_scale, n)[c],
                    s = Of(_shift, n)[c];
                var (sum, squares) = (sums.Sum(n, c), sums.Squares(n, c));
                up[c] = pull * ((r * sum) + (s * points));
                across[c] = pull * ((r * r * squares) + (2 * r * s * sum) + (s * s * points));
                (Of(_slope, n)[c], Of(_offset, n)[c]) = ((float)(r * r * pull), (float)(r * s * pull));
            }

            PictureNormalization.AddSlopes(_shape, up, across, Of(_scale, n), Of(_shift, n), Of(_slope, n), Of(_offset, n));
        }
    }

    private void Slope(int picture, Span<float> made, Span<float> pooled)
    {
        var units = _shape.Channels;
        var slope = _slope.AsSpan(picture * units, units);
        var offset = _offset.AsSpan(picture * units, units);
        var activity = _activity.Row<float>(picture);
        var target = _chosen is null ? made : pooled;
        ChannelRows.Slopes(activity, slope, offset, target);
        _cells?.AddSlopes(activity, _contrast!.Slopes(picture), Of(_scale, picture), DropoutScale, target);
        _extremes?.AddSlopes(picture, activity, Of(_pulled, picture), DropoutScale, target);
        if (_chosen is null)
        {
            return;
        }

        ChannelRows.Spread(pooled, _chosen.Row<float>(picture), _shape.Convolved, _shape.Spec.PoolSide, made);
    }
}
