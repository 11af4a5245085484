using ForwardForward.Contracts.Slots;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Tests.Pipeline;

public class InboxTests
{
    [Fact]
    public async Task A_worker_that_waits_gets_the_slot_as_soon_as_it_comes()
    {
        var inbox = new Inbox(1, 2, TimeProvider.System);
        var taken = Task.Run(() => inbox.Take()[0].Index);
        inbox.Offer(0, Slots.Numbered(0));
        Assert.Equal(0, await taken);
    }

    [Fact]
    public async Task All_lanes_must_have_their_slot_before_the_worker_gets_any()
    {
        var inbox = new Inbox(2, 2, TimeProvider.System);
        inbox.Offer(0, Slots.Numbered(0));
        var taken = Task.Run(inbox.Take);
        Assert.Equal(1, inbox.Depth);
        inbox.Offer(1, Slots.Numbered(0));
        Assert.Equal(2, (await taken).Length);
        Assert.Equal(0, inbox.Depth);
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_is_answered_when_the_worker_takes()
    {
        var inbox = new Inbox(1, 1, TimeProvider.System);
        inbox.Offer(0, Slots.Numbered(0));
        var room = inbox.WaitForRoom(0, 1).AsTask();
        Assert.False(room.IsCompleted);
        inbox.Take();
        Assert.Equal(new PushAnswer(PushOutcome.Full, 1, 1), await room);
    }

    [Fact]
    public async Task A_sender_that_waits_in_vain_is_told_so_long_before_its_call_would_time_out()
    {
        var inbox = new Inbox(1, 1, TimeProvider.System);
        inbox.Offer(0, Slots.Numbered(0));
        Assert.Equal(new PushAnswer(PushOutcome.Full, 1, 0), await inbox.WaitForRoom(0, 1).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Closing_wakes_the_worker()
    {
        var inbox = new Inbox(1, 1, TimeProvider.System);
        var taken = Task.Run(inbox.Take);
        inbox.Close();
        await Assert.ThrowsAsync<OperationCanceledException>(() => taken);
    }

    [Fact]
    public async Task What_is_taken_in_the_middle_of_a_slot_has_lanes_and_numbers_of_its_own()
    {
        var inbox = new Inbox(2, 2, TimeProvider.System, first: 7) { Further = new Inbox(1, 1, TimeProvider.System) };
        inbox.Offer(0, Slots.Numbered(7));
        inbox.Offer(1, Slots.Numbered(7));
        Assert.Equal(PushOutcome.Accepted, inbox.Offer(2, Slots.Numbered(0)).Outcome);
        var room = inbox.WaitForRoom(2, 1).AsTask();

        Assert.Equal([7, 7], inbox.Take().Select(slot => slot.Index));
        Assert.False(room.IsCompleted);
        Assert.Equal([0], inbox.Further.Take().Select(slot => slot.Index));
        Assert.Equal(new PushAnswer(PushOutcome.Full, 1, 1), await room);

        var taken = Task.Run(inbox.Further.Take);
        inbox.Close();
        await Assert.ThrowsAsync<OperationCanceledException>(() => taken);
    }
}
