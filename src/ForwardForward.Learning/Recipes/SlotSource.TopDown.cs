using ForwardForward.Learning.Layers;

namespace ForwardForward.Learning.Recipes;

/// <summary>Slots of a top-down run: the pictures are below the network in every slot, once each; the labels are above it from the first iteration on.</summary>
public sealed partial class SlotSource
{
    private Slot TrainTopDown(Slot slot, PlannedSlot planned)
    {
        var learned = planned.LearnedBatch >= 0 ? _spec.BatchSize : 0;
        var read = planned.Layout.Neutral;
        var rows = learned + read > 0 ? Activations.Rent(learned + read, _train.Width, _spec.Precision) : null;
        for (var i = 0; i < learned; i++)
        {
            _train.Load(Image(planned.LearnedBatch, i), planned.LearnedBatch, i);
            _train.WriteNeutral(rows!, i);
        }

        var labels = new byte[read];
        for (var i = 0; i < read; i++)
        {
            var image = Image(planned.NeutralBatch, i);
            labels[i] = _train.Label(image);
            _train.Load(image, planned.NeutralBatch, i);
            _train.WriteNeutral(rows!, learned + i);
        }

        slot = slot with { Update = planned.Update, Layout = planned.Layout, Labels = labels, Rows = rows };
        return planned.Iteration > 0 && learned > 0 ? slot with { Clamped = TrueThenWrong(planned) } : slot;
    }

    private byte[] TrueThenWrong(PlannedSlot planned)
    {
        var wrong = WrongLabels(planned.LearnedBatch);
        if (planned.Following < 0)
        {
            _probabilities.Remove(planned.LearnedBatch);
        }

        return [.. Enumerable.Range(0, _spec.BatchSize).Select(i => _train.Label(Image(planned.LearnedBatch, i))), .. wrong];
    }

    // The readout counts the errors when it has heard of the last iteration.
    private Slot TestTopDown(Slot slot, PlannedSlot planned)
    {
        var rows = Activations.Rent(planned.GoodnessImages, _test.Width, _spec.Precision);
        for (var i = 0; i < planned.GoodnessImages; i++)
        {
            _test.Load(planned.FirstImage + i);
            _test.WriteNeutral(rows, i);
        }

        return slot with
        {
            Layout = planned.Layout,
            Labels = planned.Following >= 0 ? [] : [.. Enumerable.Range(planned.FirstImage, planned.GoodnessImages).Select(_test.Label)],
            Clamped = planned.Iteration == 0 ? [] : [.. Enumerable.Range(0, planned.Layout.Candidates).Select(row => (byte)(row % _test.Classes))],
            Rows = rows,
        };
    }
}
