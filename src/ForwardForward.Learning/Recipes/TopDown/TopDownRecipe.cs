using ForwardForward.Learning.Goodnesses;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.TopDown;

/// <summary>
/// The picture is below the network and the label above it; a batch goes through the layers again and again (Hinton 2022, section 3.4).
/// </summary>
internal sealed class TopDownRecipe : IRecipe
{
    private readonly ExperimentSpec _spec;
    private readonly IWrongLabels? _negatives;

    public TopDownRecipe(ExperimentSpec spec)
    {
        _spec = spec;
        _negatives = Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives) as IWrongLabels;
        Network = new LayeredNetwork(spec, hearsAbove: true);
        var topDown = spec.TopDown;
        Iterations = new Iterations(topDown.Iterations, topDown.Interleaved, topDown.LearnFirst, topDown.TestFirst, topDown.TestLast);
    }

    public string Rows => "Their labels are above the network.";

    public bool HasLabels => false;

    public bool HasGoodnessTest => true;

    public bool NeedsProbabilities => _negatives?.NeedsProbabilities == true;

    public Iterations Iterations { get; }

    public INetworkKind Network { get; }

    public void Check()
    {
        if (_spec.TopDown.Iterations == 0 || _spec.Backpropagation.Network != NetworkKind.None)
        {
            throw new InvalidInputException(
                $"topDown.iterations: {_spec.TopDown.Iterations}; expected at least 1, and no backpropagation, where recipe is "
                    + $"{RecipeKind.TopDown}."
            );
        }

        if (_negatives is null)
        {
            throw new InvalidInputException(
                $"negatives.kind: {_spec.Negatives.Kind} negatives have no label for the top layer to hear of; expected hard or "
                    + "random where topDown.iterations is not 0."
            );
        }

        if (Seams.Goodness.Get(_spec.Goodness.Kind)(_spec.Goodness, 1) is not ISquaresGoodness)
        {
            throw new InvalidInputException(
                $"goodness.kind: '{_spec.Goodness.Kind}' is made of what every unit does; expected one of the sum of squares "
                    + "where topDown.iterations is not 0."
            );
        }

        _spec.TopDown.Check();
    }

    // A picture that rises alone has no label, so that it is the same for its positive and its negative row.
    public RowLayout TrainRows(int learned, int read, int iteration) =>
        iteration == 0 ? new RowLayout(learned, 0, read, 0) : new RowLayout(learned, learned, 0, 0);

    public RowLayout GoodnessTestRows(int images, int classes, int iteration) => new(0, 0, 0, iteration == 0 ? images : images * classes);

    public ISlotRows Slots(SlotPictures pictures) => new TopDownRows(pictures);
}
