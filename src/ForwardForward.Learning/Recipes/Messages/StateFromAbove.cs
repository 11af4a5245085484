using ForwardForward.Learning.Tensors;

namespace ForwardForward.Learning.Recipes.Messages;

/// <summary>What a layer tells the one below in a top-down run: its state after an iteration.</summary>
/// <param name="ForSlot">The slot of the next iteration of the same rows, which the layer below needs it for.</param>
/// <param name="Kind">Of the slot that it comes from.</param>
/// <param name="Epoch">Of the slot that it comes from.</param>
/// <param name="Rows">Null where the slot has none.</param>
internal readonly record struct StateFromAbove(long ForSlot, SlotKind Kind, int Epoch, Activations? Rows)
{
    /// <summary>As the layer below takes it from its inbox.</summary>
    public static StateFromAbove From(Slot envelope) => new(envelope.Index, envelope.Kind, envelope.Epoch, envelope.Rows);

    /// <summary>As it travels.</summary>
    public Slot ToEnvelope() =>
        new()
        {
            Index = ForSlot,
            Kind = Kind,
            Epoch = Epoch,
            Rows = Rows,
        };
}
