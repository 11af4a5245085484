using ForwardForward.Learning.Data;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Conformance;

/// <summary>
/// Small networks of every kind that portable precision knows, with widths around the lanes and panels of the passes, and the pictures that
/// they learn: drawn, so that no machine needs a file for it.
/// </summary>
internal static class ConformanceNetworks
{
    private const int Side = 14,
        Classes = 10,
        TrainImages = 320,
        TestImages = 100;

    public static IReadOnlyList<(string Name, ExperimentSpec Spec)> All =>
        [
            ("supervised", Small with { Layers = [300, 37, 130] }),
            (
                "adam and dropout",
                Small with
                {
                    Layers = [64, 80],
                    Optimizer = new()
                    {
                        Kind = OptimizerKind.Adam,
                        LearningRate = 0.003,
                        Schedule = RateSchedule.Cosine,
                    },
                    Regularization = new() { Dropout = 0.1, InputDropout = 0.1 },
                }
            ),
            (
                "symba",
                Small with
                {
                    Layers = [96, 50],
                    Goodness = new() { Kind = GoodnessKind.Symba, Temperature = 20 },
                }
            ),
            (
                "small activity",
                Small with
                {
                    Layers = [48, 48],
                    Goodness = new() { Kind = GoodnessKind.NegativeSumOfSquares },
                    Negatives = new() { Kind = NegativesKind.Random },
                }
            ),
            (
                "unsupervised",
                Small with
                {
                    Layers = [120, 70],
                    Goodness = new() { Kind = GoodnessKind.Swish, Temperature = 10 },
                    Negatives = new() { Kind = NegativesKind.Hybrid },
                    Augmentation = new() { Rotate = 10, Shift = 1 },
                }
            ),
            (
                "local",
                Small with
                {
                    Layers = [256, 180, 128],
                    Local = new()
                    {
                        Grid = [4, 3, 2],
                        Size = 5,
                        Stride = 3,
                    },
                    Negatives = new() { Kind = NegativesKind.Hybrid },
                    Readout = new() { FirstLayer = 1 },
                }
            ),
            (
                "signals from above",
                Small with
                {
                    Layers = [72, 56],
                    TopDown = new() { Iterations = 5, LabelStrength = 4 },
                    Readout = new() { FirstLayer = 1 },
                    BatchSize = 40,
                }
            ),
            ("shards and replicas", Small with { Layers = [90, 64], Shards = [3, 1], Replicas = [1, 2] }),
            ("wide", Small with { Layers = [4200, 40], Epochs = 1 }),
            ("large batch", Small with { Layers = [64, 64], BatchSize = 160, Epochs = 4 }),
            .. Convolutions,
        ];

    private static IReadOnlyList<(string Name, ExperimentSpec Spec)> Convolutions
    {
        get
        {
            ConvolutionLayerSpec competing = new(),
                hiding =
                    new()
                    {
                        Bias = false,
                        Initial = InitialKernels.Normal,
                        Goodness = ChannelGoodness.Mean,
                        Normalization = ChannelNormalization.Group,
                    },
                assigned = new() { Goodness = ChannelGoodness.Assigned, Normalization = ChannelNormalization.Instance };
            var learning = Small with
            {
                Images = new() { Scaling = PictureScaling.Standard },
                Optimizer = new()
                {
                    Kind = OptimizerKind.Adam,
                    LearningRate = 0.01,
                    WeightDecay = 0.001,
                    Schedule = RateSchedule.Cosine,
                },
            };
            return
            [
                (
                    "competing channels",
                    learning with
                    {
                        Layers = [20, 30, 40],
                        Convolutions = [competing, competing with { Groups = 10, Pool = Pooling.Maximum }, competing with { Stride = 2 }],
                        Readout = new() { FirstLayer = 1, Input = ReadoutInputs.Activity },
                    }
                ),
                (
                    "goodness hidden from the next layer",
                    learning with
                    {
                        Layers = [30, 40, 50],
                        Convolutions =
                        [
                            hiding with
                            {
                                Kernel = 5,
                                Pool = Pooling.Average,
                            },
                            hiding,
                            hiding with
                            {
                                ShortcutFrom = 1,
                                Shortcut = ShortcutKind.Concatenate,
                                Stride = 2,
                            },
                        ],
                        Regularization = new() { Dropout = 0.2 },
                    }
                ),
                (
                    "contrast",
                    learning with
                    {
                        Layers = [20, 20],
                        Convolutions = [hiding with { Normalization = ChannelNormalization.Layer }, hiding with { ShortcutFrom = 1 }],
                        Goodness = new() { Contrast = 0.5, ContrastFeatures = 24 },
                        Optimizer = learning.Optimizer with { Clip = 0.5 },
                        Augmentation = new()
                        {
                            Shift = 1,
                            Rotate = 20,
                            Zoom = 0.2,
                        },
                    }
                ),
                ("channels that learn whom they speak for", learning with { Layers = [17, 33], Convolutions = [assigned, assigned] }),
            ];
        }
    }

    public static DataSet Pictures { get; } = DataSet.Of("drawn", Drawn(TrainImages, 1), Drawn(TestImages, 2));

    private static ExperimentSpec Small =>
        new()
        {
            Dataset = "drawn",
            Precision = Precision.Portable,
            Epochs = 2,
            BatchSize = 20,
            Evaluation = new() { GoodnessEvery = 1 },
        };

    // A class is a picture of a few blots; an image is that with its own noise.
    private static LabelledImages Drawn(int count, int part)
    {
        var (pixels, labels) = (new byte[count * Side * Side], new byte[count]);
        for (var image = 0; image < count; image++)
        {
            var label = image % Classes;
            var noise = new KeyedRandom(part, RandomPurpose.Scene, image, 0);
            var blots = new KeyedRandom(0, RandomPurpose.Scene, label, 1);
            var picture = pixels.AsSpan(image * Side * Side, Side * Side);
            for (var blot = 0; blot < 12; blot++)
            {
                var (row, column) = (1 + blots.NextInt32(Side - 2), 1 + blots.NextInt32(Side - 2));
                picture[(row * Side) + column] = 255;
                picture[(row * Side) + column - 1] = (byte)(128 + noise.NextInt32(128));
                picture[((row - 1) * Side) + column] = (byte)noise.NextInt32(256);
            }

            labels[image] = (byte)label;
        }

        return new LabelledImages(count, Side, Side, pixels, labels);
    }
}
