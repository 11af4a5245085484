using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Negatives;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Unsupervised;

/// <summary>
/// No picture has a label; a negative row is a picture made of two real ones, and the readout learns the classes from the positive rows
/// (Hinton 2022, section 3.2).
/// </summary>
internal sealed class UnsupervisedRecipe : FeedForwardRecipe
{
    private readonly INegativePictures? _negatives;

    public UnsupervisedRecipe(ExperimentSpec spec)
        : base(spec)
    {
        _negatives = Seams.Negatives.Get(spec.Negatives.Kind)(spec.Negatives) as INegativePictures;
    }

    public override string Rows =>
        "Each layer learns to like the positive rows, which are as they are, and to dislike the negative ones, mixed of two.";

    public override void Check()
    {
        base.Check();
        if (_negatives is null)
        {
            throw new InvalidInputException(
                $"negatives.kind: '{Spec.Negatives.Kind}' are wrong labels; expected pictures, as hybrid, where recipe is "
                    + $"{RecipeKind.Unsupervised}."
            );
        }

        if (Spec.BatchSize < 2)
        {
            throw new InvalidInputException(
                $"batchSize: {Spec.Negatives.Kind} negatives mix two images of a batch; at least 2 was expected."
            );
        }
    }

    public override FeedForwardRows Slots(SlotPictures pictures) => new MixedRows(pictures, _negatives!);

    private sealed class MixedRows(SlotPictures pictures, INegativePictures negatives) : FeedForwardRows(pictures)
    {
        protected override bool ReadsPositive => true;

        protected override void WriteLearned(Activations rows, long batch)
        {
            var (train, size) = (Pictures.Train, Pictures.BatchSize);
            var random = new KeyedRandom(Pictures.Seed, RandomPurpose.HybridMask, 0, batch);
            for (var i = 0; i < size; i++)
            {
                train.Load(Pictures.Image(batch, i), batch, i);
                train.WriteNeutral(rows, i);
                var other = (i + 1 + random.NextInt32(size - 1)) % size;
                train.Mix(Pictures.Image(batch, other), batch, other, negatives, ref random);
                train.WriteNeutral(rows, size + i);
            }
        }
    }
}
