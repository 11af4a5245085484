using ForwardForward.Learning;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace OwnParts;

/// <summary>
/// An own recipe: a negative row has the right label on a wrong picture, instead of a wrong label on the right one. A spec names it
/// <c>recipe=wrongPictures</c>; the preset <c>wrong-pictures</c> uses it.
/// </summary>
public sealed class WrongPictures(ExperimentSpec spec) : FeedForwardRecipe(spec)
{
    public override string Rows =>
        "the label is in the first pixels of the picture. Positive rows show what their label says, negative ones another picture.";

    public override bool HasLabels => true;

    public override FeedForwardRows Slots(SlotPictures pictures) => new Pairs(pictures);

    private sealed class Pairs(SlotPictures pictures) : FeedForwardRows(pictures)
    {
        protected override void WriteLearned(Activations rows, long batch)
        {
            var (train, size) = (Pictures.Train, Pictures.BatchSize);
            for (var i = 0; i < size; i++)
            {
                var image = Pictures.Image(batch, i);
                train.Load(image, batch, i);
                train.WriteLabelled(rows, i, train.Label(image));
                var other = Other(batch, i);
                train.Load(Pictures.Image(batch, other), batch, other);
                train.WriteLabelled(rows, size + i, train.Label(image));
            }
        }

        // The next picture of the batch that shows another class; itself where all show the same.
        private int Other(long batch, int place)
        {
            var label = Pictures.Train.Label(Pictures.Image(batch, place));
            for (var step = 1; step < Pictures.BatchSize; step++)
            {
                var other = (place + step) % Pictures.BatchSize;
                if (Pictures.Train.Label(Pictures.Image(batch, other)) != label)
                {
                    return other;
                }
            }

            return place;
        }
    }
}

/// <summary>Makes it known.</summary>
public sealed class WrongPicturesPlugin : IPlugin
{
    public void Register()
    {
        Seams.Recipes.Add("wrongPictures", spec => new WrongPictures(spec));
        Presets.Add(
            "wrong-pictures",
            """
            {
              "description": "An own recipe: negative rows have the right label on a wrong picture.",
              "preset": "supervised-quick",
              "recipe": "wrongPictures"
            }
            """
        );
    }
}
