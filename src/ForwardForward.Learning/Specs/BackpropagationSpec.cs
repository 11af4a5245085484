using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public enum NetworkKind
{
    None,
    Perceptron,
    Convolutional,
}

public sealed record BackpropagationSpec
{
    [Description(
        "A baseline that one stage trains as a whole, by autograd, without goodness or negatives; none: Forward-Forward. "
            + "perceptron: dense layers; convolutional: all layers but the last are channels of 5 x 5 convolutions."
    )]
    public NetworkKind Network { get; init; }

    [Description("Share of the target that all classes have alike.")]
    [Range(0.0, 0.9)]
    public double LabelSmoothing { get; init; }
}
