using ForwardForward.Learning.Data;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Makes the slots of a run. What is learned from a batch may need the readout's probabilities for it, which come back while later batches
/// go up; a slot whose probabilities are not there yet cannot be made.
/// </summary>
internal sealed class SlotSource
{
    private readonly ExperimentSpec _spec;
    private readonly IRecipe _recipe;
    private readonly SlotPictures _pictures;
    private readonly ISlotRows _slots;

    /// <param name="lessons">What is taught beside the data; null: nothing is.</param>
    /// <exception cref="InvalidInputException">The spec fits neither itself nor the data.</exception>
    public SlotSource(ExperimentSpec spec, DataSet data, LessonSchedule? lessons = null)
    {
        spec.Augmentation.Require(data.Train.Height, data.Train.Channels);
        (_spec, _recipe) = (spec, Recipe.Of(spec));
        Plan = new SlotPlan(spec, data.Train.Count, data.Test.Count, data.Classes);
        _pictures = new SlotPictures(spec, Plan, data, _recipe.HasLabels, lessons);
        _slots = _recipe.Slots(_pictures);
    }

    /// <summary>The numbered sequence of its slots.</summary>
    public SlotPlan Plan { get; }

    /// <summary>Takes the readout's class probabilities for the neutral rows of a batch, B x C.</summary>
    public void Offer(long batch, float[] probabilities)
    {
        if (_recipe.NeedsProbabilities)
        {
            _pictures.Offer(batch, probabilities);
        }
    }

    /// <summary>Whether everything that this slot's negatives depend on is here.</summary>
    public bool CanMake(long index) =>
        !_recipe.NeedsProbabilities || Plan[index].LearnedBatch is var batch && (batch < 0 || _pictures.HasProbabilities(batch));

    /// <summary>Makes a slot; whoever takes it disposes its rows.</summary>
    public Slot Make(long index)
    {
        var planned = Plan[index];
        var slot = new Slot
        {
            Index = index,
            Kind = planned.Kind,
            Epoch = planned.Epoch,
            EndsEvaluation = planned.EndsEvaluation,
        };
        return PluginFailedException.Guard(
            index,
            () =>
                planned.Kind switch
                {
                    SlotKind.Train => _slots.Train(slot, planned),
                    SlotKind.Evaluate => _slots.Test(slot, planned),
                    _ => slot,
                }
        );
    }

    /// <summary>The slot that ends a run before its plan does.</summary>
    /// <param name="index">Of the epoch that does not begin.</param>
    public Slot End(long index) =>
        new()
        {
            Index = index,
            Kind = SlotKind.End,
            Epoch = Plan[index].Epoch - 1,
        };

    /// <summary>Lets a question ride with a slot; whoever takes it disposes its rows.</summary>
    /// <param name="images">
    /// At most <see cref="PredictionRequest.MaxImages"/>, or <see cref="PredictionRequest.MaxTried"/>, as large as the run's.
    /// </param>
    /// <param name="tries">Whether to ask each layer, too.</param>
    public Slot Ask(Slot slot, long id, LabelledImages images, bool tries) =>
        AskedImages.Ride(
            slot,
            id,
            new PictureRows(images, _pictures.Train.Classes, _spec, _recipe.HasLabels),
            (0, images.Count),
            tries,
            _spec.Precision
        );
}
