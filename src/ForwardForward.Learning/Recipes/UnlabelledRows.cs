using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>Slots whose rows that are read are those that are learned from: pictures as they are.</summary>
internal sealed class UnlabelledRows(SlotPictures pictures) : FeedForwardRows(pictures)
{
    protected override void WriteLearned(Activations rows, long batch)
    {
        // There are no others.
    }
}
