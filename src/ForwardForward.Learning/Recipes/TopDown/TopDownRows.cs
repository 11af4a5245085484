using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.TopDown;

/// <summary>
/// Slots of a top-down run: the pictures are below the network in every slot, once each; the labels are above it from the first iteration
/// on.
/// </summary>
internal sealed class TopDownRows(SlotPictures pictures) : ISlotRows
{
    private readonly ISlotRows _fast = new FastTest(pictures);

    public Slot Train(Slot slot, PlannedSlot planned)
    {
        var learned = planned.LearnedBatch >= 0 ? pictures.BatchSize : 0;
        var (train, read) = (pictures.Train, planned.Layout.Neutral);
        var rows = learned + read > 0 ? Activations.Rent(learned + read, train.Width, pictures.Precision) : null;
        for (var i = 0; i < learned; i++)
        {
            train.Load(pictures.Image(planned.LearnedBatch, i), planned.LearnedBatch, i);
            train.WriteNeutral(rows!, i);
        }

        var labels = new byte[read];
        for (var i = 0; i < read; i++)
        {
            var image = pictures.Image(planned.NeutralBatch, i);
            labels[i] = train.Label(image);
            train.Load(image, planned.NeutralBatch, i);
            train.WriteNeutral(rows!, learned + i);
        }

        slot = slot with { Update = planned.Update, Layout = planned.Layout, Labels = labels, Rows = rows };
        return planned.Iteration > 0 && learned > 0 ? slot with { Clamped = TrueThenWrong(planned) } : slot;
    }

    // The readout counts the errors when it has heard of the last iteration.
    public Slot Test(Slot slot, PlannedSlot planned)
    {
        if (planned.GoodnessImages == 0)
        {
            return _fast.Test(slot, planned);
        }

        var test = pictures.Test;
        var rows = Activations.Rent(planned.GoodnessImages, test.Width, pictures.Precision);
        for (var i = 0; i < planned.GoodnessImages; i++)
        {
            test.Load(planned.FirstImage + i);
            test.WriteNeutral(rows, i);
        }

        return slot with
        {
            Layout = planned.Layout,
            Labels = planned.Following >= 0 ? [] : [.. Enumerable.Range(planned.FirstImage, planned.GoodnessImages).Select(test.Label)],
            Clamped =
                planned.Iteration == 0 ? [] : [.. Enumerable.Range(0, planned.Layout.Candidates).Select(row => (byte)(row % test.Classes))],
            Rows = rows,
        };
    }

    private byte[] TrueThenWrong(PlannedSlot planned)
    {
        var wrong = pictures.WrongLabels(planned.LearnedBatch);
        if (planned.Following < 0)
        {
            pictures.Forget(planned.LearnedBatch);
        }

        return
        [
            .. Enumerable.Range(0, pictures.BatchSize).Select(i => pictures.Train.Label(pictures.Image(planned.LearnedBatch, i))),
            .. wrong,
        ];
    }

    private sealed class FastTest(SlotPictures pictures) : FeedForwardRows(pictures)
    {
        protected override void WriteLearned(Activations rows, long batch) => throw new NotSupportedException("A test learns nothing.");
    }
}
