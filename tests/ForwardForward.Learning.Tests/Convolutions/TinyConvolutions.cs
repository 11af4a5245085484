using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Tests.Convolutions;

/// <summary>Convolutional networks for pictures of 8 x 8 points in 4 classes.</summary>
internal static class TinyConvolutions
{
    public static ConvolutionLayerSpec Competing { get; } = new();

    public static ConvolutionLayerSpec Hiding { get; } =
        new()
        {
            Bias = false,
            Initial = InitialKernels.Normal,
            Goodness = ChannelGoodness.Mean,
            Normalization = ChannelNormalization.Group,
        };

    public static ExperimentSpec Spec(params ConvolutionLayerSpec[] layers) =>
        TinyRun.Spec() with
        {
            Layers = [.. layers.Select((_, i) => 8 * (i + 1))],
            Convolutions = layers,
            Epochs = 3,
            Images = new ImagesSpec { Scaling = PictureScaling.Standard },
            Optimizer = new OptimizerSpec
            {
                Kind = OptimizerKind.Adam,
                LearningRate = 0.01,
                Schedule = RateSchedule.Cosine,
            },
            Readout = new ReadoutSpec { FirstLayer = 1 },
        };

    /// <summary>Every kind of layer once: of names that a test prints.</summary>
    public static TheoryData<string> Kinds => [.. ByName.Keys];

    public static IReadOnlyDictionary<string, ExperimentSpec> ByName { get; } =
        new Dictionary<string, ExperimentSpec>
        {
            ["competing"] = Spec(Competing, Competing with { Groups = 4, Pool = Pooling.Maximum }),
            ["read by a softmax"] = Spec(Competing, Hiding with { Pool = Pooling.Average }) with
            {
                Readout = new ReadoutSpec
                {
                    Input = ReadoutInputs.Activity,
                    FirstLayer = 1,
                    LearningRate = 0.01,
                },
            },
            ["hiding"] = Spec(Hiding with { Kernel = 5, Pool = Pooling.Average }, Hiding with { Stride = 2 }) with
            {
                Regularization = new RegularizationSpec { Dropout = 0.2 },
            },
            ["contrasting"] = Spec(
                Hiding with
                {
                    Kernel = 5,
                    Pool = Pooling.Average,
                },
                Competing with
                {
                    Normalization = ChannelNormalization.Layer,
                }
            ) with
            {
                Goodness = new GoodnessSpec { Contrast = 0.5, ContrastFeatures = 6 },
                Optimizer = Spec().Optimizer with { Clip = 0.1, WeightDecay = 0.01 },
            },
            ["assigned"] = Spec(
                Competing with
                {
                    Goodness = ChannelGoodness.Assigned,
                    Normalization = ChannelNormalization.Instance,
                },
                Hiding with
                {
                    Goodness = ChannelGoodness.Assigned,
                    Pool = Pooling.Maximum,
                }
            ) with
            {
                Regularization = new RegularizationSpec { Dropout = 0.1 },
            },
            ["mixed"] = Spec(
                Competing with
                {
                    Goodness = ChannelGoodness.Mean,
                    Padding = 0,
                    Kernel = 4,
                    Pool = Pooling.Maximum,
                    PoolSide = 2,
                },
                Competing with
                {
                    Bias = false,
                    Epochs = 2,
                }
            ),
            ["shortcuts"] = Spec(
                Hiding,
                Hiding with
                {
                    Stride = 2,
                },
                Hiding with
                {
                    ShortcutFrom = 1,
                    Shortcut = ShortcutKind.Concatenate,
                },
                Competing with
                {
                    ShortcutFrom = 3,
                },
                Hiding
            ) with
            {
                Regularization = new RegularizationSpec { Dropout = 0.1 },
            },
        };
}
