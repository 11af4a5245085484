using ForwardForward.Learning.Data;
using ForwardForward.Learning.Lessons;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;

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
    private readonly ExampleWindow? _stream;

    /// <param name="lessons">What is taught beside the data; null: nothing is.</param>
    /// <param name="stream">What a run with a stream learns from.</param>
    /// <exception cref="InvalidInputException">The spec fits neither itself nor the data.</exception>
    public SlotSource(ExperimentSpec spec, DataSet data, LessonSchedule? lessons = null, IExamples? stream = null)
    {
        StreamCheck.Require(spec, hasStream: stream is not null);
        _stream = stream is null ? null : new ExampleWindow(stream, spec.BatchSize);
        spec.Augmentation.Require(data.Train.Height, data.Train.Channels);
        (_spec, _recipe) = (spec, Recipe.Of(spec));
        Plan = new SlotPlan(spec, data.Train.Count, data.Test.Count, data.Classes);
        _pictures = new SlotPictures(spec, Plan, data, _recipe.HasLabels, lessons, _stream);
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

    /// <summary>
    /// Asks a stream once for the examples that a slot needs. A test is not made before it is known whether the stream goes on behind it,
    /// since it is another one where it does not. Where the stream has ended, the plan ends with its last whole mini-batch from here on.
    /// </summary>
    /// <returns>Whether the slot can be made as far as the stream is concerned.</returns>
    public bool Await(long index)
    {
        if (_stream is null || Plan.IsCutShort)
        {
            return _stream is null || AwaitBatches(Plan[index]);
        }

        var planned = Plan[index];
        if (!AwaitBatches(planned) || !AwaitFollowing(planned))
        {
            Plan.EndAfter(_stream.End);
            return Plan.IsCutShort && Await(index);
        }

        return true;
    }

    /// <summary>Examples of the whole stream, once it is known to have ended.</summary>
    public long? Streamed => _stream?.End;

    /// <summary>Whether a batch of the stream is there already, so that nobody need wait for it.</summary>
    public bool IsAtHand(long batch) => _stream is null || batch >= Plan.Batches || _stream.Load(batch);

    private bool AwaitBatches(PlannedSlot planned)
    {
        _stream!.Forget(Math.Max(planned.LearnedBatch, planned.NeutralBatch - Plan.Lag));
        return (planned.LearnedBatch < 0 || _stream.Load(planned.LearnedBatch))
            && (planned.NeutralBatch < 0 || _stream.Load(planned.NeutralBatch));
    }

    private bool AwaitFollowing(PlannedSlot planned) =>
        planned.Kind != SlotKind.Evaluate
        || (planned.Epoch + 1L) * Plan.BatchesPerEpoch is var next && (next >= Plan.Batches || _stream!.Load(next));

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
            RowPrecision.Of(_spec)
        );
}
