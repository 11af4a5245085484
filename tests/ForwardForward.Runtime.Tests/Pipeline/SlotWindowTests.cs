using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Tests.Pipeline;

public class SlotWindowTests
{
    [Fact]
    public void A_window_that_starts_later_knows_the_slots_before_it_already()
    {
        var window = new SlotWindow(2, first: 7);

        Assert.Equal((PushOutcome.Duplicate, 7), (window.Offer(Slots.Numbered(6)).Outcome, window.Next));
        Assert.Equal(PushOutcome.Accepted, window.Offer(Slots.Numbered(7)).Outcome);
        Assert.Equal(7, window.Take().Index);
    }

    [Fact]
    public void Slots_leave_in_order_however_they_came()
    {
        var window = new SlotWindow(4);
        foreach (var index in new long[] { 2, 0, 3, 1 })
        {
            Assert.Equal(PushOutcome.Accepted, window.Offer(Slots.Numbered(index)).Outcome);
        }

        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(_ => window.Take().Index));
    }

    [Fact]
    public void A_slot_that_came_before_is_known_whether_it_waits_or_has_left()
    {
        var window = new SlotWindow(4);
        window.Offer(Slots.Numbered(0));
        Assert.Equal(PushOutcome.Duplicate, window.Offer(Slots.Numbered(0)).Outcome);
        window.Take();
        Assert.Equal(PushOutcome.Duplicate, window.Offer(Slots.Numbered(0)).Outcome);
        Assert.False(window.IsReady);
    }

    [Fact]
    public void An_early_slot_waits_for_the_one_before_it()
    {
        var window = new SlotWindow(4);
        window.Offer(Slots.Numbered(1));
        Assert.False(window.IsReady);
        Assert.Throws<InvalidOperationException>(window.Take);
    }

    [Fact]
    public void A_full_window_keeps_nothing_and_says_how_much_room_there_is()
    {
        var window = new SlotWindow(2);
        Assert.Equal(new PushAnswer(PushOutcome.Accepted, 1, 1), window.Offer(Slots.Numbered(0)));
        Assert.Equal(new PushAnswer(PushOutcome.Accepted, 2, 0), window.Offer(Slots.Numbered(1)));
        Assert.Equal(new PushAnswer(PushOutcome.Full, 2, 0), window.Offer(Slots.Numbered(2)));
        window.Take();
        Assert.Equal(new PushAnswer(PushOutcome.Accepted, 3, 0), window.Offer(Slots.Numbered(2)));
        Assert.Equal(2, window.Held);
    }

    [Fact]
    public void Any_mix_of_orders_and_repeats_gives_every_slot_once()
    {
        const int Count = 200,
            Capacity = 7;
        var random = new Learning.Exactness.KeyedRandom(3, Learning.Exactness.RandomPurpose.Order, 0, 0);
        var window = new SlotWindow(Capacity);
        var taken = new List<long>();
        while (taken.Count < Count)
        {
            var near = window.Next + random.NextInt32(2 * Capacity) - Capacity;
            if (near >= 0 && near < Count)
            {
                window.Offer(Slots.Numbered(near));
            }

            if (random.NextInt32(3) == 0 && window.IsReady)
            {
                taken.Add(window.Take().Index);
            }

            Assert.InRange(window.Held, 0, Capacity);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), taken);
    }
}

internal static class Slots
{
    public static Slot Numbered(long index) =>
        new()
        {
            Index = index,
            Kind = SlotKind.Train,
            Epoch = 0,
        };
}
