using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Backpropagation;

/// <summary>The baseline: one stage learns the whole network by backpropagation, from pictures and their classes.</summary>
internal sealed class BackpropagationRecipe(ExperimentSpec spec) : IRecipe
{
    public string Rows => "";

    public bool HasLabels => false;

    public bool HasGoodnessTest => false;

    public bool NeedsProbabilities => false;

    public Iterations Iterations => Iterations.None;

    public INetworkKind Network { get; } = new WholeNetwork(spec);

    public void Check()
    {
        if (spec.Backpropagation.Network == NetworkKind.None)
        {
            throw new InvalidInputException(
                $"backpropagation.network: none; expected perceptron or convolutional where recipe is {RecipeKind.Backpropagation}."
            );
        }

        if (spec.TopDown.Iterations > 0)
        {
            throw new InvalidInputException(
                "topDown.iterations: a network that learns by backpropagation has no signals from above; expected 0."
            );
        }

        if (spec.Precision == Precision.Bf16 && spec.Backpropagation.Network == NetworkKind.Convolutional)
        {
            throw new InvalidInputException(
                "precision: a convolutional network that learns by backpropagation is computed in fp32; expected fp32 or auto."
            );
        }

        if (spec.Backpropagation.Network == NetworkKind.Convolutional && spec.PermutePixels)
        {
            throw new InvalidInputException("permutePixels: convolutions see neighbourhoods; expected false.");
        }
    }

    public RowLayout TrainRows(int learned, int read, int iteration) => new(0, 0, read, 0);

    public RowLayout GoodnessTestRows(int images, int classes, int iteration) => default;

    public ISlotRows Slots(SlotPictures pictures) => new UnlabelledRows(pictures);
}
