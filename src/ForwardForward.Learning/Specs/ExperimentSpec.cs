using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Specs;

/// <summary>Everything an experiment depends on besides its data: with the seed and the kernel fingerprint it fixes every bit of the result.</summary>
public sealed record ExperimentSpec
{
    [Description("One line that says what the experiment shows.")]
    public string Description { get; init; } = "";

    [Description("Data set: mnist, or a folder with IDX files.")]
    public string Dataset { get; init; } = "mnist";

    [Description("How many of the training images are used, from the first; 0 means all.")]
    [Range(0, int.MaxValue)]
    public int TrainImages { get; init; }

    [Description("How many of the test images are used, from the first; 0 means all.")]
    [Range(0, int.MaxValue)]
    public int TestImages { get; init; }

    [Description("How many training images, from the last, are not learned from and take the place of the test images, to choose an experiment's values by; 0: the test images are tested on.")]
    [Range(0, int.MaxValue)]
    public int HoldOut { get; init; }

    [Description("Units of each hidden layer, from the bottom up.")]
    [Length(1, 64)]
    public IReadOnlyList<int> Layers { get; init; } = [2000, 2000, 2000, 2000];

    [Description("Parts that each layer is split into, from the bottom up: each has as many of its units, is a stage of its own, on another silo where there is one, and tells the others no more than a sum for every row. Empty: none is split. Other numbers make other bits.")]
    [Length(0, 64)]
    public IReadOnlyList<int> Shards { get; init; } = [];

    [Description("Copies of each layer, from the bottom up: each has as many of the images of a batch, is a stage of its own, on another silo where there is one, and all add up their gradients in a fixed order before they learn. Empty: one each. Other numbers make other bits.")]
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

    [Description("Whether the pixels that hold no label trade places, in one order that the seed draws: nothing but a layer that sees neighbourhoods should mind.")]
    public bool PermutePixels { get; init; }

    [Description("Precision of the matrix products; weights and goodness stay fp32. auto: bf16 where it measures at least 1.5 times faster.")]
    public Precision Precision { get; init; } = Precision.Auto;

    public GoodnessSpec Goodness { get; init; } = new();

    public PeerNormalizationSpec PeerNormalization { get; init; } = new();

    public OptimizerSpec Optimizer { get; init; } = new();

    public TopDownSpec TopDown { get; init; } = new();

    public LocalSpec Local { get; init; } = new();

    public BackpropagationSpec Backpropagation { get; init; } = new();

    public NegativesSpec Negatives { get; init; } = new();

    public RegularizationSpec Regularization { get; init; } = new();

    public AugmentationSpec Augmentation { get; init; } = new();

    public ReadoutSpec Readout { get; init; } = new();

    public EvaluationSpec Evaluation { get; init; } = new();

    public CheckpointSpec Checkpoint { get; init; } = new();

    public StartSpec Start { get; init; } = new();

    /// <summary>Stages that the layers make: one for each of their parts, or one for a network that learns by backpropagation.</summary>
    [JsonIgnore]
    public int LayerStages => LayerPart.All(this).Count;

    /// <summary>Layers that measure themselves: a network that learns by backpropagation counts as one.</summary>
    [JsonIgnore]
    public int MeasuredLayers => Backpropagation.IsOn ? 1 : Layers.Count;
}

/// <summary>Number format of the matrix products. Master weights, moments and goodness are always fp32.</summary>
public enum Precision
{
    Auto,
    Fp32,
    Bf16,
}

public enum GoodnessKind
{
    SumOfSquares,
    NegativeSumOfSquares,
    Symba,
    Swish,
}

public sealed record GoodnessSpec
{
    [Description("sumOfSquares: large activity on positive rows, against a threshold; negativeSumOfSquares: small activity on them; symba, swish: larger activity than on the paired negative row, without a threshold.")]
    public GoodnessKind Kind { get; init; } = GoodnessKind.SumOfSquares;

    [Description("Threshold of the sum of squares as a multiple of the layer's units.")]
    [Range(0.0, 1e6)]
    public double ThresholdPerUnit { get; init; } = 1;

    [Description("Temperature of the logistic: p(positive) = sigmoid((goodness - threshold) / temperature); of symba and swish: what the lead over the paired row is divided by.")]
    [Range(1e-6, 1e6)]
    public double Temperature { get; init; } = 1;
}

public sealed record PeerNormalizationSpec
{
    [Description("Strength with which units are pulled to the layer's mean activity; 0 turns it off.")]
    [Range(0.0, 1e3)]
    public double Strength { get; init; } = 0.03;

    [Description("Share of the old value in the running mean activity of a unit.")]
    [Range(0.0, 1.0)]
    public double Decay { get; init; } = 0.9;
}

public enum OptimizerKind
{
    AveragedGradient,
    Adam,
}

public sealed record OptimizerSpec
{
    [Description("averagedGradient (Hinton's) or adam.")]
    public OptimizerKind Kind { get; init; } = OptimizerKind.AveragedGradient;

    [Description("Learning rate of the layers; constant for the first half of the epochs, then falling linearly.")]
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 0.01;

    [Description("Weight decay, multiplied by the learning rate; biases have none.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.001;

    [Description("Share of the old value in the averaged gradient (adam: the first moment).")]
    [Range(0.0, 0.9999)]
    public double Momentum { get; init; } = 0.9;

    [Description("Share of the old value in adam's second moment.")]
    [Range(0.0, 0.999999)]
    public double SecondMomentum { get; init; } = 0.999;
}

public enum NegativesKind
{
    Hard,
    Random,
    Hybrid,
}

public sealed record NegativesSpec
{
    [Description("hard: wrong labels in proportion to the readout's probabilities; random: all wrong labels alike; hybrid: no labels at all, two images mixed by a mask with large regions.")]
    public NegativesKind Kind { get; init; } = NegativesKind.Hard;

    [Description("Slots between a batch's neutral rows and its positive and negative rows (hard negatives only); about twice the depth keeps the pipeline full.")]
    [Range(1, 1024)]
    public int Lag { get; init; } = 8;

    [Description("How often the random bits of a hybrid mask are blurred before they are cut at one half: more make larger regions.")]
    [Range(0, 100)]
    public int Blurs { get; init; } = 6;
}

public sealed record RegularizationSpec
{
    [Description("Share of a layer's units that a training row leaves out, before goodness and normalization; those that stay count for those that do not. Tests leave none out.")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("Share of the pixels that a training image leaves out; label pixels stay.")]
    [Range(0.0, 0.9)]
    public double InputDropout { get; init; }
}

public sealed record AugmentationSpec
{
    [Description("Most pixels by which a training image is shifted along either side, drawn anew in every epoch; what comes in is black.")]
    [Range(0, 64)]
    public int Shift { get; init; }
}

public sealed record LocalSpec
{
    [Description("Places from left to right of each layer, from the bottom up, where units see a square of what is below them instead of everything, without sharing weights; a layer's units are its places times its channels, place by place. Empty: every unit sees everything.")]
    [Length(0, 64)]
    public IReadOnlyList<int> Grid { get; init; } = [];

    [Description("Places from top to bottom of each layer, where they are not as many as from left to right; empty: as many.")]
    [Length(0, 64)]
    public IReadOnlyList<int> Rows { get; init; } = [];

    [Description("Pixels a side of the squares that the first layer sees; the other layers see rectangles of adjacent places, as large as their grids allow.")]
    [Range(1, 4096)]
    public int Size { get; init; } = 10;

    [Description("Pixels from one square of the first layer to the next.")]
    [Range(1, 4096)]
    public int Stride { get; init; } = 6;

    [JsonIgnore]
    public bool IsOn => Grid.Count > 0;

    /// <summary>Pixels from top to bottom of the pictures that the squares cover.</summary>
    [JsonIgnore]
    public int Height => Covered(Rows.Count > 0 ? Rows : Grid);

    /// <summary>Pixels from left to right.</summary>
    [JsonIgnore]
    public int Width => Covered(Grid);

    /// <summary>Places of a layer, from 0, from top to bottom and from left to right.</summary>
    public (int Rows, int Columns) Places(int layer) => (Rows.Count > 0 ? Rows[layer] : Grid[layer], Grid[layer]);

    /// <exception cref="InvalidInputException">The fields do not fit each other, the rest of the spec or the pictures.</exception>
    public void Check(ExperimentSpec spec, int pixels)
    {
        if (!IsOn)
        {
            return;
        }

        if (Grid.Count != spec.Layers.Count || (Rows.Count > 0 && Rows.Count != Grid.Count))
        {
            throw new InvalidInputException($"local.grid, local.rows: {Grid.Count} and {Rows.Count} for {spec.Layers.Count} layers; expected one each, or no rows.");
        }

        for (var i = 0; i < Grid.Count; i++)
        {
            var (rows, columns) = Places(i);
            if (spec.Layers[i] % (rows * columns) != 0 || (i > 0 && (columns > Grid[i - 1] || rows > Places(i - 1).Rows)))
            {
                throw new InvalidInputException($"local.grid[{i}]: {rows} by {columns} places for {spec.Layers[i]} units; expected no more either way than below, and as many units at every place.");
            }
        }

        if ((long)Height * Width != pixels)
        {
            throw new InvalidInputException($"local: squares of {Size} pixels a side, {Stride} apart, cover pictures of {Height} by {Width} pixels, and these have {pixels} pixels; expected squares that cover the pictures.");
        }

        if (spec.Backpropagation.IsOn || spec.PermutePixels)
        {
            throw new InvalidInputException("local.grid: layers that see neighbourhoods are built without backpropagation and with pixels in their places; expected an empty list with these.");
        }
    }

    private int Covered(IReadOnlyList<int> places) => IsOn ? Size + ((places[0] - 1) * Stride) : 0;
}

public enum NetworkKind
{
    None,
    Perceptron,
    Convolutional,
}

public sealed record BackpropagationSpec
{
    [Description("A baseline that one stage trains as a whole, by autograd, without goodness or negatives; none: Forward-Forward. perceptron: dense layers; convolutional: all layers but the last are channels of 5 x 5 convolutions.")]
    public NetworkKind Network { get; init; }

    [Description("Share of the target that all classes have alike.")]
    [Range(0.0, 0.9)]
    public double LabelSmoothing { get; init; }

    [JsonIgnore]
    public bool IsOn => Network != NetworkKind.None;

    /// <exception cref="InvalidInputException">The fields do not fit the rest of the spec.</exception>
    public void Check(ExperimentSpec spec)
    {
        if (IsOn && spec.TopDown.IsOn)
        {
            throw new InvalidInputException("topDown.iterations: a network that learns by backpropagation has no signals from above; expected 0.");
        }

        if (IsOn && spec.Precision == Precision.Bf16)
        {
            throw new InvalidInputException("precision: a network that learns by backpropagation is computed in fp32; expected fp32 or auto.");
        }

        if (Network == NetworkKind.Convolutional && spec.PermutePixels)
        {
            throw new InvalidInputException("permutePixels: convolutions see neighbourhoods; expected false.");
        }
    }
}

public sealed record TopDownSpec
{
    [Description("How often every layer takes in the states of both its neighbours for one batch, all layers at once, after one pass from below; the label is above the top layer. 0: a feed-forward network, with the label in the picture.")]
    [Range(0, 100)]
    public int Iterations { get; init; }

    [Description("Share of its old state, before normalization, that a layer keeps in each iteration.")]
    [Range(0.0, 0.99)]
    public double Kept { get; init; } = 0.3;

    [Description("Batches that take turns, so that no layer waits for its neighbours' states of the iteration before.")]
    [Range(1, 64)]
    public int Interleaved { get; init; } = 4;

    [Description("First iteration, from 1, whose goodness the goodness test counts.")]
    [Range(1, 100)]
    public int TestFirst { get; init; } = 3;

    [Description("Last iteration whose goodness the goodness test counts.")]
    [Range(1, 100)]
    public int TestLast { get; init; } = 5;

    /// <summary>Whether there are signals from above.</summary>
    [JsonIgnore]
    public bool IsOn => Iterations > 0;

    /// <exception cref="InvalidInputException">The fields do not fit each other or the rest of the spec.</exception>
    public void Check(ExperimentSpec spec)
    {
        if (!IsOn)
        {
            return;
        }

        if (spec.Negatives.Kind == NegativesKind.Hybrid)
        {
            throw new InvalidInputException("negatives.kind: hybrid negatives have no label for the top layer to hear of; expected hard or random where topDown.iterations is not 0.");
        }

        if (TestFirst > TestLast || TestLast > Iterations)
        {
            throw new InvalidInputException($"topDown.testFirst, topDown.testLast: {TestFirst} to {TestLast}; expected two of the {Iterations} iterations, in order.");
        }
    }
}

public sealed record ReadoutSpec
{
    [Description("First hidden layer, counted from 1, that the readout and the goodness test look at; a network with fewer layers uses its last.")]
    [Range(1, 64)]
    public int FirstLayer { get; init; } = 2;

    [Description("Last hidden layer that they look at; 0: the network's last.")]
    [Range(0, 64)]
    public int LastLayer { get; init; }

    [Description("Place, counted from 1, of each of these layers whose units alone the readout sees, where layers have places (local.grid); 0: all.")]
    [Range(0, 1_000_000)]
    public int Place { get; init; }

    [Description("Learning rate of the softmax.")]
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 0.1;

    [Description("Weight decay of the softmax, multiplied by its learning rate.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.003;
}

public sealed record EvaluationSpec
{
    [Description("The fast test (neutral label, one pass, readout) runs every so many epochs, and at the end; 0 means at the end only.")]
    [Range(0, 100_000)]
    public int FastEvery { get; init; } = 1;

    [Description("The goodness test (every label in turn) runs every so many epochs, and at the end; 0 means at the end only.")]
    [Range(0, 100_000)]
    public int GoodnessEvery { get; init; } = 10;
}

public sealed record CheckpointSpec
{
    [Description("A checkpoint is taken after every so many slots, where that slot is a training slot; a run that is interrupted or loses a silo goes on from the last one, and no more than about that many slots are done twice. 0 means never, and such a run fails. Changes no bit of the result.")]
    [Range(0, int.MaxValue)]
    public int EverySlots { get; init; } = 500;

    [Description("Whether the run moves, by way of a checkpoint, when a silo joins that would make it faster.")]
    public bool Rebalance { get; init; }
}

public sealed record StartSpec
{
    [Description("File of weights to start from, as `ff export` writes it, on every silo at the same path; empty: random weights.")]
    public string Weights { get; init; } = "";

    [Description("SHA-256 of that file, in hexadecimal; filled in when the run starts.")]
    public string Sha256 { get; init; } = "";
}
