using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>
/// Everything an experiment depends on besides its data: with the seed and the kernel fingerprint it fixes every bit of the result.
/// </summary>
public sealed record ExperimentSpec
{
    [Description("One line that says what the experiment shows.")]
    public string Description { get; init; } = "";

    [Description("Data set: mnist, or a folder with IDX files.")]
    public string Dataset { get; init; } = "mnist";

    [Description("SHA-256 of its images and labels, in hexadecimal: other data are refused; filled in when the run starts.")]
    public string DatasetSha256 { get; init; } = "";

    [Description("How many of the training images are used, from the first; 0 means all.")]
    [Range(0, int.MaxValue)]
    public int TrainImages { get; init; }

    [Description("How many of the test images are used, from the first; 0 means all.")]
    [Range(0, int.MaxValue)]
    public int TestImages { get; init; }

    [Description(
        "How many training images, from the last, are not learned from and take the place of the test images, to choose an "
            + "experiment's values by; 0: the test images are tested on."
    )]
    [Range(0, int.MaxValue)]
    public int HoldOut { get; init; }

    [Description(
        "Whether the run learns from a stream of examples, each seen once and in its order, in place of the training images, which then "
            + "only say how large examples are and how many make an epoch. Set by train --stream."
    )]
    public bool Stream { get; init; }

    [Description("Units of each hidden layer, from the bottom up.")]
    [Length(1, 64)]
    public IReadOnlyList<int> Layers { get; init; } = [2000, 2000, 2000, 2000];

    [Description(
        "How each layer convolves, from the bottom up, in a convolutional network, where layers are channels; empty: layers are dense. "
            + "A file may also give it in place of the numbers: layers as objects, each with channels and these fields."
    )]
    [Length(0, 64)]
    public IReadOnlyList<ConvolutionLayerSpec> Convolutions { get; init; } = [];

    [Description(
        "Parts that each layer is split into, from the bottom up: each has as many of its units, is a stage of its own, on "
            + "another silo where there is one, and tells the others no more than a sum for every row. Empty: none is split. Other "
            + "numbers make other bits."
    )]
    [Length(0, 64)]
    public IReadOnlyList<int> Shards { get; init; } = [];

    [Description(
        "Copies of each layer, from the bottom up: each has as many of the images of a batch, is a stage of its own, on "
            + "another silo where there is one, and all add up their gradients in a fixed order before they learn. Empty: one each. "
            + "Other numbers make other bits."
    )]
    [Length(0, 64)]
    public IReadOnlyList<int> Replicas { get; init; } = [];

    [Description("Passes over the training images.")]
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 60;

    [Description("Images of one mini-batch. Images that do not fill a last batch are left out of that epoch.")]
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 100;

    [Description("Seed of every random draw.")]
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    [Description(
        "Whether the pixels that hold no label trade places, in one order that the seed draws: nothing but a layer that sees "
            + "neighbourhoods should mind."
    )]
    public bool PermutePixels { get; init; }

    [Description(
        "Precision of the matrix products; weights and goodness stay fp32. auto: bf16 where it measures at least 1.5 times faster; "
            + "portable: products of small integers, whose bytes are the same on every processor."
    )]
    public Precision Precision { get; init; } = Precision.Auto;

    [Description(
        "Whether all of the run is computed by kernels of one fingerprint, so that it can be repeated bit by bit. false: silos of a "
            + "mixed cluster compute it together, each by its own kernels, and no other run need end in the same bytes."
    )]
    public bool Exact { get; init; } = true;

    [Description(
        "How the network is trained. auto: whichever the other fields ask for: backpropagation where backpropagation.network "
            + "is not none, convolution where there are convolutions, topDown where topDown.iterations is not 0, unsupervised where "
            + "negatives are pictures (hybrid), else supervised."
    )]
    [NamedIn(nameof(Seams.Recipes))]
    public string Recipe { get; init; } = RecipeKind.Auto;

    [Description("Plug-ins that it uses, each with its version and SHA-256: other ones are refused; filled in when the run starts.")]
    public string Plugins { get; init; } = "";

    public GoodnessSpec Goodness { get; init; } = new();

    public PeerNormalizationSpec PeerNormalization { get; init; } = new();

    public OptimizerSpec Optimizer { get; init; } = new();

    public TopDownSpec TopDown { get; init; } = new();

    public LocalSpec Local { get; init; } = new();

    public BackpropagationSpec Backpropagation { get; init; } = new();

    public NegativesSpec Negatives { get; init; } = new();

    public RegularizationSpec Regularization { get; init; } = new();

    public AugmentationSpec Augmentation { get; init; } = new();

    public ImagesSpec Images { get; init; } = new();

    public ReadoutSpec Readout { get; init; } = new();

    public EvaluationSpec Evaluation { get; init; } = new();

    public CheckpointSpec Checkpoint { get; init; } = new();

    public TeachSpec Teach { get; init; } = new();

    public StartSpec Start { get; init; } = new();

    /// <summary>Of the draws of training, which a run that trains on does not repeat; what a network is made of keeps the seed.</summary>
    internal int DrawSeed => unchecked(Seed ^ (Start.Epochs * (int)0x9E3779B1));
}
