using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Convolutions;

/// <summary>
/// Convolutional Forward-Forward without negative rows: each class has a set of channels in every layer, and each layer learns to make the
/// true class's set the best one. No picture has a label in it; one pass answers.
/// </summary>
internal sealed class ConvolutionRecipe(ExperimentSpec spec) : IRecipe
{
    private readonly ConvolutionNetwork _network = new(spec);

    public string Rows =>
        "pictures as they are, without a label in them. Each layer has a set of channels for every class, and learns to make the set of "
        + "the true class the best one; from what the sets say together the readout tells what the network sees.";

    public bool HasLabels => false;

    public bool HasGoodnessTest => false;

    public bool NeedsProbabilities => false;

    public Iterations Iterations => Iterations.None;

    public INetworkKind Network => _network;

    public void Check()
    {
        if (spec.Convolutions.Count != spec.Layers.Count)
        {
            throw new InvalidInputException(
                $"convolutions: {spec.Convolutions.Count} for {spec.Layers.Count} layers; expected one for each, where recipe is "
                    + $"{RecipeKind.Convolution}."
            );
        }

        if (spec.TopDown.Iterations > 0 || spec.Backpropagation.Network != NetworkKind.None || spec.Local.IsOn)
        {
            throw new InvalidInputException(
                "convolutions: a convolutional network has neither signals from above nor backpropagation nor local fields; expected "
                    + "topDown.iterations 0, backpropagation.network none and no local.grid."
            );
        }

        if (spec.Precision == Precision.Bf16)
        {
            throw new InvalidInputException("precision: a convolutional network is not computed in bf16; expected fp32, portable or auto.");
        }

        if (spec.PermutePixels)
        {
            throw new InvalidInputException("permutePixels: convolutions see neighbourhoods; expected false.");
        }

        if (spec.Goodness.Contrast > 0 && spec.BatchSize < 2)
        {
            throw new InvalidInputException(
                "goodness.contrast: a batch of 1 picture has nothing to compare it with; expected a larger batchSize."
            );
        }

        for (var i = 0; i < spec.Convolutions.Count; i++)
        {
            Check(i, spec.Convolutions[i]);
        }
    }

    public RowLayout TrainRows(int learned, int read, int iteration) => new(0, 0, read, 0);

    public RowLayout GoodnessTestRows(int images, int classes, int iteration) => default;

    public ISlotRows Slots(SlotPictures pictures) => new UnlabelledRows(pictures);

    private void Check(int index, ConvolutionLayerSpec layer)
    {
        if (spec.Goodness.Contrast > 0 && layer.Normalization == ChannelNormalization.Batch)
        {
            throw new InvalidInputException(
                $"goodness.contrast: convolutions[{index}] has {layer.Normalization} normalization; expected one of each picture "
                    + $"({ChannelNormalization.Group}, {ChannelNormalization.Layer}, {ChannelNormalization.Instance}) in every layer, or 0."
            );
        }

        if (
            layer.Goodness == ChannelGoodness.MeanOfSquares
            && layer.Normalization is (ChannelNormalization.Group or ChannelNormalization.Instance)
        )
        {
            throw new InvalidInputException(
                $"convolutions[{index}].goodness: the mean of squares is the same for every set that {layer.Normalization} normalization "
                    + $"has made alike; expected {ChannelGoodness.Mean} with it, or normalization {ChannelNormalization.Batch} or "
                    + $"{ChannelNormalization.Layer}."
            );
        }
    }
}
