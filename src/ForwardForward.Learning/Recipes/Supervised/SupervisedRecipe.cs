using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Supervised;

/// <summary>The label is in the first pixels of the picture; a negative row has a wrong one (Hinton 2022, section 3.3).</summary>
internal sealed class SupervisedRecipe : FeedForwardRecipe
{
    private readonly IWrongLabels? _negatives;

    public SupervisedRecipe(ExperimentSpec spec)
        : base(spec)
    {
        _negatives = Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives) as IWrongLabels;
    }

    public override string Rows =>
        "the label is in the first pixels of the picture. Each layer learns to like the positive rows, whose label is the true one, "
        + "and to dislike the negative ones, whose label is wrong. The neutral rows have every label a little: from them the "
        + "readout says what the network sees.";

    public override bool HasLabels => true;

    public override bool NeedsProbabilities => _negatives?.NeedsProbabilities == true;

    public override void Check()
    {
        base.Check();
        if (_negatives is null)
        {
            throw new InvalidInputException(
                $"negatives.kind: '{Spec.Negatives.Kind}' makes pictures without labels; expected wrong labels where recipe is "
                    + $"{RecipeKind.Supervised}."
            );
        }
    }

    public override FeedForwardRows Slots(SlotPictures pictures) => new LabelledRows(pictures);

    private sealed class LabelledRows(SlotPictures pictures) : FeedForwardRows(pictures)
    {
        protected override void WriteLearned(Activations rows, long batch)
        {
            var wrong = Pictures.WrongLabels(batch);
            Pictures.Forget(batch);
            for (var i = 0; i < wrong.Length; i++)
            {
                var image = Pictures.Image(batch, i);
                Pictures.Train.Load(image, batch, i);
                Pictures.Train.WriteLabelled(rows, i, Pictures.Train.Label(image));
                Pictures.Train.WriteLabelled(rows, wrong.Length + i, wrong[i]);
            }
        }
    }
}
