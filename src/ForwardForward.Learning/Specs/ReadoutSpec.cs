using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>What <c>readout.input</c> may be.</summary>
internal static class ReadoutInputs
{
    public const string Auto = "auto";
    public const string Activity = "activity";
    public const string Goodness = "goodness";
}

public sealed record ReadoutSpec
{
    [Description(
        "What it classifies by. activity: a softmax that learns from what the layers hand on; goodness: the class with the most goodness, "
            + "where a layer has one of every class (convolutions), and nothing is learned; auto: goodness where there is one."
    )]
    [OneOf(ReadoutInputs.Auto, ReadoutInputs.Activity, ReadoutInputs.Goodness)]
    public string Input { get; init; } = ReadoutInputs.Auto;

    [Description(
        "First hidden layer, counted from 1, that the readout and the goodness test look at; a network with fewer layers uses its last."
    )]
    [Range(1, 64)]
    public int FirstLayer { get; init; } = 2;

    [Description("Last hidden layer that they look at; 0: the network's last.")]
    [Range(0, 64)]
    public int LastLayer { get; init; }

    [Description(
        "Place, counted from 1, of each of these layers whose units alone the readout sees, where layers have places (local.grid); 0: all."
    )]
    [Range(0, 1_000_000)]
    public int Place { get; init; }

    [Description("Learning rate of the softmax.")]
    [Range(0.0, 10.0)]
    public double LearningRate { get; init; } = 0.1;

    [Description("Weight decay of the softmax, multiplied by its learning rate.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.003;
}
