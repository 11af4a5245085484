using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace ForwardForward.Learning.Specs;

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
