using ForwardForward.Learning.Convolutions;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using static ForwardForward.Learning.Tests.Layers.Comparison;
using static TorchSharp.torch;

namespace ForwardForward.Learning.Tests.Convolutions;

/// <summary>A layer of a few pictures, and what libtorch and autograd make of the formulas in fp64.</summary>
internal static class ConvolutionFormulas
{
    public const int Classes = 4;
    public const int Rows = 6;

    public static byte[] Labels { get; } = [0, 1, 2, 3, 1, 0];

    /// <summary>Without momentum, so that averages are the gradient itself.</summary>
    public static OptimizerSpec WithoutMomentum { get; } =
        new()
        {
            LearningRate = 0,
            WeightDecay = 0,
            Momentum = 0,
        };

    public static ConvolutionLayer Layer(
        ConvolutionShape shape,
        OptimizerSpec optimizer,
        double dropout = 0,
        ContrastTemperature? contrast = null
    ) =>
        new(
            new ConvolutionOptions
            {
                Index = 0,
                Shape = shape,
                MaxRows = Rows + 1,
                BatchSize = Rows,
                Optimizer = optimizer,
                Dropout = dropout,
                Contrast = contrast,
            }
        );

    /// <summary>What the convolution makes: N x U x H x W.</summary>
    public static Tensor Convolved(ConvolutionShape shape, Tensor pictures, Dictionary<string, Tensor> parameters)
    {
        var (spec, made) = (shape.Spec, shape.Convolved);
        var kernels = parameters["weights"]
            .reshape(shape.Channels, spec.Kernel, spec.Kernel, shape.InOfGroup)
            .permute(0, 3, 1, 2)
            .reshape(spec.Groups, shape.ChannelsOfGroup, -1);
        var columns = nn
            .functional.unfold(
                pictures.permute(0, 3, 1, 2),
                (spec.Kernel, spec.Kernel),
                padding: (shape.Padding, shape.Padding),
                stride: (spec.Stride, spec.Stride)
            )
            .reshape(Rows, spec.Groups, shape.Inputs, made.Points);
        var z = kernels.unsqueeze(0).matmul(columns).reshape(Rows, shape.Channels, made.Height, made.Width);
        if (parameters.TryGetValue("bias", out var bias))
        {
            z += bias.reshape(1, -1, 1, 1);
        }

        return z;
    }

    // In fp64, by libtorch's own unfold, pooling and normalization, and autograd.
    public static (Tensor Goodness, Tensor HandedOn) Formulas(
        ConvolutionShape shape,
        Tensor pictures,
        Dictionary<string, Tensor> parameters
    )
    {
        var spec = shape.Spec;
        var z = Convolved(shape, pictures, parameters);
        var activity = nn.functional.relu(z);
        if (spec.Pool == Pooling.Maximum)
        {
            activity = nn.functional.max_pool2d(activity, spec.PoolSide, spec.PoolSide);
        }

        Tensor normalized;
        if (spec.Normalization != ChannelNormalization.Batch)
        {
            var sets = spec.Normalization switch
            {
                ChannelNormalization.Group => Classes,
                ChannelNormalization.Layer => 1,
                _ => shape.Channels,
            };
            normalized = nn.functional.group_norm(activity, sets, eps: 1e-5);
        }
        else
        {
            var mean = activity.mean([0, 2, 3], keepdim: true);
            var variance = (activity - mean).pow(2).mean([0, 2, 3], keepdim: true);
            normalized = (activity - mean) / (variance + 1e-4).sqrt();
            normalized =
                (normalized * parameters["normalization.scale"].reshape(1, -1, 1, 1))
                + parameters["normalization.shift"].reshape(1, -1, 1, 1);
        }

        var raised = spec.Goodness == ChannelGoodness.Mean ? activity : normalized.pow(2);
        var goodness = raised.reshape(Rows, Classes, -1).mean([2]);
        if (spec.Pool == Pooling.Average)
        {
            normalized = nn.functional.avg_pool2d(normalized, spec.PoolSide, spec.PoolSide);
        }

        return (goodness, normalized.permute(0, 2, 3, 1));
    }

    // Khosla et al. 2020, equation 2, summed over the pictures; one without a partner counts nothing.
    public static Tensor Contrast(Tensor handedOn, Tensor weights, Tensor labels, double temperature)
    {
        var channels = handedOn.shape[3];
        long side =
            channels <= 100 ? 4
            : channels <= 400 ? 2
            : 1;
        var cells = nn.functional.adaptive_avg_pool2d(
            handedOn.permute(0, 3, 1, 2),
            [Math.Min(side, handedOn.shape[1]), Math.Min(side, handedOn.shape[2])]
        );
        var z = cells.permute(0, 2, 3, 1).reshape(Rows, -1).matmul(weights.t());
        var v = (z - z.mean([0])) / ((z - z.mean([0])).pow(2).mean([0]) + 1e-5).sqrt();
        var h = v / v.pow(2).sum(1, keepdim: true).sqrt();
        var similar = h.matmul(h.t()) / temperature;
        var others = 1 - eye(Rows, dtype: ScalarType.Float64);
        var partners = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(ScalarType.Float64) * others;
        var normal = (similar.exp() * others).sum(1, keepdim: true).log();
        var each = (partners * (normal - similar)).sum(1) / partners.sum(1).clamp(min: 1);
        return each.sum();
    }

    public static double[] Values(Tensor tensor) => [.. tensor.detach().contiguous().to(ScalarType.Float64).data<double>()];

    public static Tensor Pictures(Activations rows, PictureShape shape) =>
        tensor(Read(rows)).reshape(Rows, shape.Height, shape.Width, shape.Channels);

    // By libtorch's own pooling, class by class.
    public static Tensor Joined(Tensor own, Tensor shortcut, ConvolutionShape shape)
    {
        var side = Shortcuts.Side(shape.Shortcut!.Value, shape.Made);
        var pooled = nn.functional.avg_pool2d(shortcut.permute(0, 3, 1, 2), side, side, ceil_mode: true).permute(0, 2, 3, 1);
        return shape.Spec.Shortcut == ShortcutKind.Add
            ? own + pooled
            : cat([.. new[] { own, pooled }.Select(part => part.reshape(Rows, shape.Made.Points, Classes, -1))], 3)
                .reshape(Rows, shape.Out.Height, shape.Out.Width, shape.Out.Channels);
    }
}
