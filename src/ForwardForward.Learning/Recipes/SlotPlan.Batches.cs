namespace ForwardForward.Learning.Recipes;

/// <content>From mini-batches to slots and back, for who lets something in between.</content>
internal sealed partial class SlotPlan
{
    /// <summary>The slot that first shows a batch.</summary>
    /// <param name="batch">Below <see cref="Batches"/>.</param>
    public long FirstOf(long batch)
    {
        var segment = _segments.Find(segment => segment.Kind == SlotKind.Train && segment.Epoch == batch / BatchesPerEpoch);
        var step = batch % BatchesPerEpoch;
        var slot = segment.First + ((step - (step % Iterations.Interleaved)) * segment.Interleaving.SlotsPerStep); // of its group
        while (this[slot].NeutralBatch != batch)
        {
            slot++;
        }

        return slot;
    }

    /// <summary>The first batch that no checkpoint up to this slot can have seen; <see cref="Batches"/> where there is none.</summary>
    public long BatchAfter(long slot)
    {
        while (slot < SlotCount && this[slot] is not { Kind: SlotKind.Train, EndsGroup: true })
        {
            slot++;
        }

        return slot < SlotCount && this[slot].NeutralBatch is >= 0 and var batch ? batch + 1 : Batches;
    }
}
