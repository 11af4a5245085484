using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Tensors;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// Puts together what comes in pieces, a slot of each lane at a time, since a sender begins no slot before the last was taken. Only whole
/// slots reach the inbox.
/// </summary>
internal sealed class SlotAssembly(Inbox inbox)
{
    private readonly Dictionary<int, Arriving> _lanes = [];

    /// <param name="message">Its rows stay the caller's where it is a piece.</param>
    public PushAnswer Offer(SlotMessage message)
    {
        var (lane, slot) = (message.Lane, message.Slot);
        if (message.Piece is not { } piece || !message.WasCopied)
        {
            return inbox.Offer(lane, slot);
        }

        if (inbox.Ask(lane, slot.Index) is { Outcome: not PushOutcome.Accepted } notNow)
        {
            return notNow;
        }

        if (!_lanes.TryGetValue(lane, out var arriving) || arriving.Slot.Index != slot.Index)
        {
            arriving?.Slot.Release();
            _lanes[lane] = arriving = new Arriving(slot, piece);
        }

        return arriving.Take(piece, slot.Rows!)
            ? Offer(lane, arriving.Slot)
            : inbox.Ask(lane, slot.Index) with
            {
                Outcome = PushOutcome.Incomplete,
                NextPiece = arriving.Next,
            };
    }

    private PushAnswer Offer(int lane, Slot whole)
    {
        _lanes.Remove(lane);
        return inbox.Offer(lane, whole);
    }

    private sealed class Arriving(Slot header, SlotPiece first)
    {
        public Slot Slot { get; } =
            header with
            {
                Rows = Room(first.Rows),
                Question = Room(first.Question) is { } asked ? new PredictionRequest(first.QuestionId, asked) : null,
            };

        public int Next { get; private set; }

        /// <returns>Whether it was the last.</returns>
        public bool Take(SlotPiece piece, Activations content)
        {
            if (piece.Number != Next)
            {
                return false; // an answer was lost, or this is not where the earlier ones came
            }

            var whole = piece.IsOfQuestion ? Slot.Question!.Rows : Slot.Rows!;
            content.Bytes.CopyTo(whole.Bytes[(piece.First * whole.Precision.ElementBytes())..]);
            Next++;
            return piece.IsLast;
        }

        private static Activations? Room(RowsShape shape) =>
            shape.Rows == 0 ? null : Activations.Rent(shape.Rows, shape.Width, shape.Precision);
    }
}
