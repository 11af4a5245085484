using ForwardForward.Learning.Recipes;

namespace ForwardForward.Contracts.Slots;

/// <summary>
/// A slot on its way between two stages. Inside a silo it passes by reference and the receiver owns the rows; across silos
/// <see cref="SlotMessageCodec"/> writes their raw memory and the sender keeps its own.
/// </summary>
/// <param name="Generation">Of the run; a receiver refuses older ones.</param>
/// <param name="Lane">
/// Which of the receiver's inputs this is for: a readout has one for every part of a featured layer, a layer one for every part of the
/// layer below and, in top-down runs, one from above; sums of parts have lanes of their own.
/// </param>
/// <param name="Slot">The work.</param>
[Immutable]
internal sealed record SlotMessage(int Generation, int Lane, Slot Slot)
{
    /// <summary>
    /// What of the slot this is, if it goes over a connection: from there its rows are those of the piece, in one row. Null: all of it.
    /// </summary>
    public SlotPiece? Piece { get; init; }

    /// <summary>Whether the message went over a connection, so that sender and receiver have rows of their own.</summary>
    public bool WasCopied { get; internal set; }
}
