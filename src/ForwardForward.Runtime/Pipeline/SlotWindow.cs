using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// Order and room of one input of a stage: slots leave in order, each once; one that comes early waits, one that comes again is known, and
/// no more than <paramref name="capacity"/> are held. Pure bookkeeping, no locks, no clocks.
/// </summary>
/// <param name="capacity">Slots that are held, counted with those between them that have no place in this window.</param>
/// <param name="first">The slot that leaves first.</param>
/// <param name="following">Which slot leaves after one; null: that with the next number.</param>
internal sealed class SlotWindow(int capacity, long first = 0, Func<long, long>? following = null)
{
    private readonly Dictionary<long, Slot> _held = [];

    /// <summary>The slot that leaves next.</summary>
    public long Next { get; private set; } = first;

    public int Held => _held.Count;

    public PushAnswer Offer(Slot slot)
    {
        var outcome = OutcomeOf(slot.Index);
        if (outcome == PushOutcome.Accepted)
        {
            _held.Add(slot.Index, slot);
        }

        return Answer(outcome);
    }

    /// <summary>What would become of a slot that is offered now.</summary>
    public PushAnswer Ask(long slot) => Answer(OutcomeOf(slot));

    public bool HasRoomFor(long slot) => slot < Next + capacity;

    public bool IsReady => _held.ContainsKey(Next);

    /// <exception cref="InvalidOperationException">The next slot has not come yet.</exception>
    public Slot Take() =>
        _held.Remove(Next, out var slot) ? Advance(slot) : throw new InvalidOperationException($"Slot {Next} has not come yet.");

    private Slot Advance(Slot slot)
    {
        Next = After(Next);
        return slot;
    }

    public PushAnswer Answer(PushOutcome outcome)
    {
        var expected = Next;
        while (_held.ContainsKey(expected))
        {
            expected = After(expected);
        }

        return new PushAnswer(outcome, expected, (int)Math.Max(0, Next + capacity - expected));
    }

    private PushOutcome OutcomeOf(long slot) =>
        slot < Next || _held.ContainsKey(slot) ? PushOutcome.Duplicate
        : HasRoomFor(slot) ? PushOutcome.Accepted
        : PushOutcome.Full;

    private long After(long slot) => following?.Invoke(slot) ?? slot + 1;
}
