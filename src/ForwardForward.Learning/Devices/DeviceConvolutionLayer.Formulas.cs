using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Devices;

/// <summary>What a convolutional layer computes, in operations on whole tensors: N pictures, U channels, H x W points.</summary>
internal sealed partial class DeviceConvolutionLayer
{
    /// <param name="rows">N x numbers of a row.</param>
    /// <returns>N x U x H x W: convolved, the largest of squares where that is handed on, rectified, thinned out.</returns>
    private Tensor Activity(Tensor rows, long? trainingSlot)
    {
        var (spec, below, made, pictures) = (_shape.Spec, _shape.In, _shape.Convolved, rows.shape[0]);
        var seen = rows.narrow(1, 0, below.Size).view(pictures, below.Height, below.Width, below.Channels).permute(0, 3, 1, 2);
        var columns = nn
            .functional.unfold(
                seen,
                (spec.Kernel, spec.Kernel),
                padding: (_shape.Padding, _shape.Padding),
                stride: (spec.Stride, spec.Stride)
            )
            .view(pictures, spec.Groups, _shape.Inputs, made.Points);
        var kernels = _leaves["weights"]
            .view(_shape.Channels, spec.Kernel, spec.Kernel, _shape.InOfGroup)
            .permute(0, 3, 1, 2)
            .reshape(1, spec.Groups, _shape.ChannelsOfGroup, _shape.Inputs);
        var convolved = kernels.matmul(columns).view(pictures, _shape.Channels, made.Height, made.Width);
        if (_leaves.TryGetValue("bias", out var bias))
        {
            convolved = convolved + bias.view(1, -1, 1, 1);
        }

        if (spec.Pool == Pooling.Maximum)
        {
            convolved = Squares(convolved, made).max(-1).values;
        }

        var activity = nn.functional.relu(convolved);
        return trainingSlot is { } slot && _options.Dropout > 0 ? activity * Kept((int)pictures, slot) : activity;
    }

    /// <returns>N x U x H x W, by the running means in a test.</returns>
    private Tensor Normalized(Tensor activity, bool isTraining)
    {
        if (_shape.Spec.Normalization != ChannelNormalization.Batch)
        {
            var sets = activity.reshape(activity.shape[0], _shape.Channels / PictureNormalization.Together(_shape), -1);
            var centred = sets - sets.mean([2], keepdim: true);
            return (centred / (centred.pow(2).mean([2], keepdim: true) + PictureNormalization.Epsilon).sqrt()).reshape(activity.shape);
        }

        Tensor Channels(Tensor one) => one.view(1, -1, 1, 1);
        var (mean, variance) = (Channels(_tensors["running_mean"].OnDevice), Channels(_tensors["running_variance"].OnDevice));
        if (isTraining)
        {
            mean = activity.mean([0, 2, 3], keepdim: true);
            variance = (activity - mean).pow(2).mean([0, 2, 3], keepdim: true);
            var count = (double)activity.shape[0] * _shape.Activity.Points;
            Keep("running_mean", mean.detach());
            Keep("running_variance", variance.detach() * (count / (count - 1)));
        }

        var scale = Channels(_leaves.GetValueOrDefault("normalization.scale", _tensors["normalization.scale"].OnDevice));
        var shift = Channels(_leaves.GetValueOrDefault("normalization.shift", _tensors["normalization.shift"].OnDevice));
        return ((activity - mean) / (variance + BatchNormalization.Epsilon).sqrt() * scale) + shift;
    }

    /// <returns>N x C.</returns>
    private Tensor Goodness(Tensor activity, Tensor normalized)
    {
        if (_shape.Spec.Goodness == ChannelGoodness.Assigned)
        {
            var points = activity.flatten(2);
            var spoken =
                (points.mean([2]) * ChannelExtremes.OfMean)
                + (points.max(2).values * ChannelExtremes.OfGreatest)
                + (points.min(2).values * ChannelExtremes.OfLeast);
            return spoken.matmul(Assignment());
        }

        var raised = _shape.Spec.Goodness == ChannelGoodness.Mean ? activity : normalized.pow(2);
        return raised.reshape(raised.shape[0], _shape.Classes, -1).mean([2]);
    }

    // U x C.
    private Tensor Assignment()
    {
        var kept = Math.Pow(ChannelAssignment.KeptEachEpoch, _tensors[ChannelAssignment.Epoch].OnDevice.cpu().item<float>());
        var heat = _leaves[ChannelAssignment.Heat].exp().clamp(ChannelAssignment.Coldest, ChannelAssignment.Hottest) * kept;
        return nn.functional.softmax(_leaves[ChannelAssignment.Scores] / heat, 1);
    }

    private Tensor Entropy()
    {
        var weights = Assignment();
        return -(weights * weights.clamp(1e-30).log()).sum(0L).mean();
    }

    // Khosla et al. 2020, equation 2, summed over the pictures and weighed.
    private Tensor Contrast(ReadOnlySpan<byte> labels, long update)
    {
        var (pictures, points) = (labels.Length, _shape.Activity.Points);
        var cells = tensor(_cells!.Shares(points), device: _device).view(-1, points);
        var z = cells.matmul(_graphNormalized!.flatten(2).transpose(1, 2)).reshape(pictures, -1).matmul(_leaves["contrast"].t());
        var centred = z - z.mean([0], keepdim: true);
        var v = centred / (centred.pow(2).mean([0], keepdim: true) + SupervisedContrast.Epsilon).sqrt();
        var h = v / (v.pow(2).sum(1L, keepdim: true) + 1e-24).sqrt();
        var similar = h.matmul(h.t()) / _options.Contrast!.At(update);
        var of = tensor(labels.ToArray().Select(label => (long)label).ToArray(), device: _device);
        var others = 1 - eye(pictures, device: _device);
        var partners = of.unsqueeze(0).eq(of.unsqueeze(1)).to_type(ScalarType.Float32) * others;
        var top = similar.detach().max();
        var total = ((similar - top).exp() * others).sum(1L, keepdim: true).log() + top;
        return _options.Contrast.Spec.Contrast * ((partners * (total - similar)).sum(1L) / partners.sum(1L).clamp(1)).sum();
    }

    /// <summary>The points of each square side by side: N x U x rows x columns x points of a square; what fills none is left out.</summary>
    private Tensor Squares(Tensor values, PictureShape shape)
    {
        var side = _shape.Spec.PoolSide;
        var (rows, columns) = (shape.Height / side, shape.Width / side);
        return values
            .narrow(2, 0, rows * side)
            .narrow(3, 0, columns * side)
            .reshape(values.shape[0], values.shape[1], rows, side, columns, side)
            .permute(0, 1, 2, 4, 3, 5)
            .flatten(4);
    }

    // The CPU's draws.
    private Tensor Kept(int pictures, long slot)
    {
        var (shape, kept) = (_shape.Activity, new float[pictures * _shape.Activity.Size]);
        Array.Fill(kept, 1);
        for (var picture = 0; picture < pictures; picture++)
        {
            ChannelDropout.Apply(_options, kept.AsSpan(picture * shape.Size, shape.Size), slot, picture);
        }

        return tensor(kept, device: _device).view(pictures, shape.Height, shape.Width, shape.Channels).permute(0, 3, 1, 2);
    }

    private void Keep(string name, Tensor value) =>
        _tensors[name].OnDevice.mul_(1 - BatchNormalization.Momentum).add_(value.view(1, -1), BatchNormalization.Momentum);
}
