using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward;

/// <summary>
/// How a network learns. What is not set is as Hinton's supervised experiment on MNIST has it (Hinton 2022, section 3.3).
/// </summary>
public sealed class FFNetworkOptions
{
    /// <summary>Rows of a mini-batch; rows that do not fill a last one are left out of that epoch.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 100;

    /// <summary>One of <see cref="Seams.Optimizers"/>: <c>averagedGradient</c>, Hinton's, or <c>adam</c>.</summary>
    public string Optimizer { get; set; } = "averagedGradient";

    /// <summary>Of the layers; constant for the first half of the epochs, then falling linearly.</summary>
    [Range(0.0, 10.0)]
    public double LearningRate { get; set; } = 0.01;

    /// <summary>Of the layers, multiplied by the learning rate; biases have none.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; set; } = 0.001;

    /// <summary>Share of the old value in the averaged gradient; of <c>adam</c>: the first moment.</summary>
    [Range(0.0, 0.9999)]
    public double Momentum { get; set; } = 0.9;

    /// <summary>
    /// One of <see cref="Seams.Goodness"/>. <c>sumOfSquares</c>: large activity on positive rows; <c>negativeSumOfSquares</c>: small
    /// activity on them; <c>symba</c>, <c>swish</c>: more than on the paired negative row.
    /// </summary>
    public string Goodness { get; set; } = "sumOfSquares";

    /// <summary>Of the sum of squares, as a multiple of a layer's units.</summary>
    [Range(0.0, 1e6)]
    public double ThresholdPerUnit { get; set; } = 1;

    /// <summary>Of the logistic that tells positive rows from negative ones.</summary>
    [Range(1e-6, 1e6)]
    public double Temperature { get; set; } = 1;

    /// <summary>
    /// One of <see cref="Seams.Negatives"/>. <c>hard</c>: wrong labels that the readout finds likely; <c>random</c>: all wrong labels
    /// alike.
    /// </summary>
    public string Negatives { get; set; } = "hard";

    /// <summary>Batches between what the readout says of a batch and the hard negatives that are drawn from it.</summary>
    [Range(1, 1024)]
    public int Lag { get; set; } = 8;

    /// <summary>Strength with which units are pulled to their layer's mean activity; 0 turns it off.</summary>
    [Range(0.0, 1e3)]
    public double PeerNormalization { get; set; } = 0.03;

    /// <summary>Share of a layer's units that a training row leaves out.</summary>
    [Range(0.0, 0.9)]
    public double Dropout { get; set; }

    /// <summary>Share of its values that a training row leaves out; the label stays.</summary>
    [Range(0.0, 0.9)]
    public double InputDropout { get; set; }

    /// <summary>First layer, from 1, that the readout and the goodness test look at; a network with fewer uses its last.</summary>
    [Range(1, 64)]
    public int ReadoutFirstLayer { get; set; } = 2;

    /// <summary>Of the readout's softmax.</summary>
    [Range(0.0, 10.0)]
    public double ReadoutLearningRate { get; set; } = 0.1;

    /// <summary>Of the readout's softmax, multiplied by its learning rate.</summary>
    [Range(0.0, 1.0)]
    public double ReadoutWeightDecay { get; set; } = 0.003;

    /// <summary>
    /// The goodness test, which passes every row once for each class, follows every so many epochs and the last; 0: the last alone.
    /// </summary>
    [Range(0, 100_000)]
    public int GoodnessTestEvery { get; set; }

    /// <summary>
    /// Of the matrix products: <c>fp32</c>, <c>bf16</c>, or <c>auto</c>, bf16 where it measures at least 1.5 times faster; other processors
    /// make other numbers of these. <c>portable</c>: products of small integers, whose numbers are the same on every processor.
    /// </summary>
    public string Precision { get; set; } = "auto";

    /// <summary>Threads that share each step; their number changes no bit.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <exception cref="InvalidInputException">A value is out of range, or nothing has that name.</exception>
    internal ExperimentSpec ToSpec(IReadOnlyList<int> layers)
    {
        foreach (var property in GetType().GetProperties())
        {
            Require(property);
        }

        var json = new JsonObject
        {
            ["dataset"] = "",
            ["layers"] = new JsonArray([.. layers.Select(units => JsonValue.Create(units))]),
            ["batchSize"] = BatchSize,
            ["precision"] = Precision,
            ["goodness"] = new JsonObject
            {
                ["kind"] = Goodness,
                ["thresholdPerUnit"] = ThresholdPerUnit,
                ["temperature"] = Temperature,
            },
            ["peerNormalization"] = new JsonObject { ["strength"] = PeerNormalization },
            ["optimizer"] = new JsonObject
            {
                ["kind"] = Optimizer,
                ["learningRate"] = LearningRate,
                ["weightDecay"] = WeightDecay,
                ["momentum"] = Momentum,
            },
            ["negatives"] = new JsonObject { ["kind"] = Negatives, ["lag"] = Lag },
            ["regularization"] = new JsonObject { ["dropout"] = Dropout, ["inputDropout"] = InputDropout },
            ["readout"] = new JsonObject
            {
                ["firstLayer"] = ReadoutFirstLayer,
                ["learningRate"] = ReadoutLearningRate,
                ["weightDecay"] = ReadoutWeightDecay,
            },
            ["evaluation"] = new JsonObject { ["goodnessEvery"] = GoodnessTestEvery },
        };
        return SpecReader.Parse(json.ToJsonString(), "the network's options");
    }

    private void Require(PropertyInfo property)
    {
        var (value, range) = (property.GetValue(this), property.GetCustomAttribute<RangeAttribute>());
        if (value is null)
        {
            throw new InvalidInputException($"{property.Name} is null, expected a name.");
        }

        if (range is not null && (value is double.NaN || !range.IsValid(value)))
        {
            throw new InvalidInputException(
                string.Create(CultureInfo.InvariantCulture, $"{property.Name} is {value}, expected {range.Minimum} to {range.Maximum}.")
            );
        }
    }
}
