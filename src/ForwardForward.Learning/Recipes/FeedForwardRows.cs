using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes;

/// <summary>
/// Slots of a network that each batch passes once: learned rows as the recipe has them, rows for the readout, test images with the neutral
/// label or with every label.
/// </summary>
public abstract class FeedForwardRows(SlotPictures pictures) : ISlotRows
{
    /// <summary>Of the run's data.</summary>
    protected SlotPictures Pictures => pictures;

    /// <summary>Whether the readout reads the positive rows, because they tell it no class.</summary>
    protected virtual bool ReadsPositive => false;

    Slot ISlotRows.Train(Slot slot, PlannedSlot planned)
    {
        var layout = planned.Layout;
        var read = planned.NeutralBatch >= 0 ? pictures.BatchSize : 0;
        var rows = Activations.Rent(layout.Total, pictures.Train.Width, pictures.Precision);
        if (layout.Positive > 0)
        {
            WriteLearned(rows, planned.LearnedBatch);
        }

        var labels = new byte[read];
        for (var i = 0; i < read; i++)
        {
            labels[i] = pictures.Train.Label(pictures.Image(planned.NeutralBatch, i));
        }

        for (var i = 0; i < layout.Neutral; i++)
        {
            pictures.Train.Load(pictures.Image(planned.NeutralBatch, i), planned.NeutralBatch, i);
            pictures.Train.WriteNeutral(rows, layout.FirstNeutral + i);
        }

        return slot with
        {
            Update = planned.Update,
            Layout = layout,
            ReadsPositive = ReadsPositive,
            Labels = labels,
            Rows = rows,
        };
    }

    Slot ISlotRows.Test(Slot slot, PlannedSlot planned)
    {
        var (test, layout) = (pictures.Test, planned.Layout);
        var rows = Activations.Rent(layout.Total, test.Width, pictures.Precision);
        var labels = new byte[planned.FastImages + planned.GoodnessImages];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = test.Label(planned.FirstImage + i);
        }

        for (var i = 0; i < planned.FastImages; i++)
        {
            test.Load(planned.FirstImage + i);
            test.WriteNeutral(rows, i);
        }

        for (var row = 0; row < layout.Candidates; row++)
        {
            test.Load(planned.FirstImage + (row / test.Classes));
            test.WriteLabelled(rows, layout.FirstCandidate + row, row % test.Classes);
        }

        return slot with
        {
            Layout = layout,
            Labels = labels,
            Rows = rows,
        };
    }

    /// <summary>Writes the positive rows of a batch, rows 0 to B - 1, and its negative ones, B to 2 B - 1.</summary>
    /// <param name="rows">Of the slot.</param>
    /// <param name="batch">Numbered through all epochs; draws are keyed by it.</param>
    protected abstract void WriteLearned(Activations rows, long batch);
}
