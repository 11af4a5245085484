using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Forward-Forward in one pass: a slot has positive rows, as many negative ones, and rows that the readout reads. An own recipe says what
/// the learned rows show (<see cref="FeedForwardRows.WriteLearned"/>); everything else is as it is here where it says nothing.
/// </summary>
public abstract class FeedForwardRecipe : IRecipe
{
    private readonly LayeredNetwork _network;

    /// <param name="spec">Of the run.</param>
    protected FeedForwardRecipe(ExperimentSpec spec)
    {
        Spec = spec;
        _network = new LayeredNetwork(spec, hearsAbove: false);
    }

    /// <summary>Of the run.</summary>
    protected ExperimentSpec Spec { get; }

    /// <inheritdoc/>
    public abstract string Rows { get; }

    /// <inheritdoc/>
    public virtual bool HasLabels => false;

    /// <inheritdoc/>
    public virtual bool HasGoodnessTest => HasLabels;

    /// <inheritdoc/>
    public virtual bool NeedsProbabilities => false;

    Iterations IRecipe.Iterations => Iterations.None;

    INetworkKind IRecipe.Network => _network;

    /// <inheritdoc/>
    public virtual void Check()
    {
        if (Spec.TopDown.Iterations > 0 || Spec.Backpropagation.Network != NetworkKind.None)
        {
            throw new InvalidInputException(
                $"recipe: '{Spec.Recipe}' has neither signals from above nor backpropagation; expected topDown.iterations 0 and "
                    + "backpropagation.network none."
            );
        }
    }

    RowLayout IRecipe.TrainRows(int learned, int read, int iteration) => new(learned, learned, HasLabels ? read : 0, 0);

    RowLayout IRecipe.GoodnessTestRows(int images, int classes, int iteration) => new(0, 0, 0, images * classes);

    ISlotRows IRecipe.Slots(SlotPictures pictures) => Slots(pictures);

    /// <summary>What makes a run's slots.</summary>
    /// <param name="pictures">Of the run's data.</param>
    public abstract FeedForwardRows Slots(SlotPictures pictures);
}
