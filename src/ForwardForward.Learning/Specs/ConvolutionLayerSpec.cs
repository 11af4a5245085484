using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>What <c>goodness</c> of a convolutional layer may be.</summary>
internal static class ChannelGoodness
{
    public const string MeanOfSquares = "meanOfSquares";
    public const string Mean = "mean";
    public const string Assigned = "assigned";
}

/// <summary>What <c>normalization</c> of a convolutional layer may be.</summary>
internal static class ChannelNormalization
{
    public const string Batch = "batch";
    public const string Group = "group";
    public const string Layer = "layer";
    public const string Instance = "instance";
}

/// <summary>What <c>pool</c> of a convolutional layer may be.</summary>
internal static class Pooling
{
    public const string None = "none";
    public const string Maximum = "maximum";
    public const string Average = "average";
}

/// <summary>What <c>initial</c> of a convolutional layer may be.</summary>
internal static class InitialKernels
{
    public const string Uniform = "uniform";
    public const string Normal = "normal";
}

/// <summary>What <c>shortcut</c> of a convolutional layer may be.</summary>
internal static class ShortcutKind
{
    public const string Add = "add";
    public const string Concatenate = "concatenate";
}

/// <summary>One layer of a convolutional network; its channels are the layer's number in <c>layers</c>.</summary>
public sealed record ConvolutionLayerSpec
{
    [Description("Points a side of every kernel.")]
    [Range(1, 15)]
    public int Kernel { get; init; } = 3;

    [Description("Points from one place of the kernel to the next.")]
    [Range(1, 8)]
    public int Stride { get; init; } = 1;

    [Description("Points of zeros around the picture; -1: half a kernel, so that with stride 1 the picture keeps its size.")]
    [Range(-1, 7)]
    public int Padding { get; init; } = -1;

    [Description("Parts that channels fall into: a part sees the same part of the layer below alone. It divides the channels of both.")]
    [Range(1, 1024)]
    public int Groups { get; init; } = 1;

    [Description("Whether every channel has a bias.")]
    public bool Bias { get; init; } = true;

    [Description("How kernels start. uniform: up to 1 / sqrt(inputs) either way; normal: variance 2 / outputs (He et al. 2015).")]
    [OneOf(InitialKernels.Uniform, InitialKernels.Normal)]
    public string Initial { get; init; } = InitialKernels.Uniform;

    [Description(
        "What is handed on of every square of points. maximum: its largest, before normalization; average: its mean, after it; none: "
            + "every point."
    )]
    [OneOf(Pooling.None, Pooling.Maximum, Pooling.Average)]
    public string Pool { get; init; } = Pooling.None;

    [Description("Points a side of such a square; what does not fill one at the right and at the bottom is left out.")]
    [Range(2, 8)]
    public int PoolSide { get; init; } = 2;

    [Description(
        "What a class's set of channels raises. meanOfSquares: of the normalized activity (channel-wise competition); mean: of the "
            + "activity before normalization, which then hides it from the layer above (DeeperForward); assigned: no sets, since every "
            + "channel learns which classes it speaks for, by its mean, greatest and least activity (CAW-Conv)."
    )]
    [OneOf(ChannelGoodness.MeanOfSquares, ChannelGoodness.Mean, ChannelGoodness.Assigned)]
    public string Goodness { get; init; } = ChannelGoodness.MeanOfSquares;

    [Description(
        "How the activity is normalized. batch: each channel over the batch, with a learned scale and shift, and running means for "
            + "tests; group: each class's set of channels of each picture, with neither; layer: all channels of each picture; instance: "
            + "each channel of each picture."
    )]
    [OneOf(ChannelNormalization.Batch, ChannelNormalization.Group, ChannelNormalization.Layer, ChannelNormalization.Instance)]
    public string Normalization { get; init; } = ChannelNormalization.Batch;

    [Description(
        "Layer, counted from 1, whose handed-on tensor joins what this layer hands on; 0: none. Only the layers above see it: neither "
            + "goodness nor a gradient of this layer or that one does. Where its picture is larger, squares of points become their means."
    )]
    [Range(0, 63)]
    public int ShortcutFrom { get; init; }

    [Description(
        "How it joins. add: to channels that are as many; concatenate: each class's set of channels gets that class's channels of the "
            + "other layer besides its own."
    )]
    [OneOf(ShortcutKind.Add, ShortcutKind.Concatenate)]
    public string Shortcut { get; init; } = ShortcutKind.Add;

    [Description("Epochs in which the layer learns, from the first; 0: all.")]
    [Range(0, 100_000)]
    public int Epochs { get; init; }
}
