using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

/// <summary>What <c>backpropagation.network</c> may be.</summary>
internal static class NetworkKind
{
    public const string None = "none";
    public const string Perceptron = "perceptron";
    public const string Convolutional = "convolutional";
}

public sealed record BackpropagationSpec
{
    [Description(
        "A baseline that one stage trains as a whole, without goodness or negatives; none: Forward-Forward. "
            + "perceptron: dense layers; convolutional: all layers but the last are channels of 5 x 5 convolutions."
    )]
    [OneOf(NetworkKind.None, NetworkKind.Perceptron, NetworkKind.Convolutional)]
    public string Network { get; init; } = NetworkKind.None;

    [Description("Share of the target that all classes have alike.")]
    [Range(0.0, 0.9)]
    public double LabelSmoothing { get; init; }
}
