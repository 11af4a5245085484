using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes.Networks;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// How a network is trained: which rows a slot has and what they show, what is tested, and what the network is made of. One is made for a
/// spec; everything that depends on the kind of training asks it. An own one derives from <see cref="FeedForwardRecipe"/>: what else a
/// recipe says is for this package alone.
/// </summary>
public interface IRecipe
{
    /// <summary>One sentence for people: what the rows of a slot show.</summary>
    string Rows { get; }

    /// <summary>Whether the first C pixels of a picture are a label: then a picture can be asked with every label in turn.</summary>
    bool HasLabels { get; }

    /// <summary>Whether test images are tried with every label, by goodness.</summary>
    bool HasGoodnessTest { get; }

    /// <summary>
    /// Whether what is learned from a batch depends on the readout's class probabilities for it, which are there <c>negatives.lag</c> slots
    /// later.
    /// </summary>
    bool NeedsProbabilities { get; }

    /// <summary>Passes of a batch after the first.</summary>
    internal Iterations Iterations { get; }

    /// <summary>What the network is made of.</summary>
    internal INetworkKind Network { get; }

    /// <summary>Refuses a spec that this recipe cannot be made of.</summary>
    /// <exception cref="InvalidInputException">Fields do not fit each other; the sentence names them.</exception>
    void Check();

    /// <summary>Groups of rows of a training slot.</summary>
    /// <param name="learned">Images of the batch that is learned from, 0 where there is none.</param>
    /// <param name="read">Images of the batch that the readout reads.</param>
    /// <param name="iteration">0: the pass from below.</param>
    internal RowLayout TrainRows(int learned, int read, int iteration);

    /// <summary>Groups of rows of a slot of the goodness test.</summary>
    /// <param name="iteration">0: the pass from below.</param>
    internal RowLayout GoodnessTestRows(int images, int classes, int iteration);

    /// <summary>What makes a run's slots.</summary>
    /// <param name="pictures">Of the run's data.</param>
    internal ISlotRows Slots(SlotPictures pictures);
}

/// <summary>Fills the slots of a run.</summary>
internal interface ISlotRows
{
    /// <summary>Makes the rows and labels of a training slot; whoever takes it disposes the rows.</summary>
    /// <param name="slot">With its number, kind and epoch.</param>
    Slot Train(Slot slot, PlannedSlot planned);

    /// <summary>Makes the rows and labels of test images, for the fast or the goodness test.</summary>
    /// <inheritdoc cref="Train"/>
    Slot Test(Slot slot, PlannedSlot planned);
}
