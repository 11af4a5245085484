using System.Collections.Concurrent;
using ForwardForward.Contracts.Slots;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Tests.Pipeline;

public class LinkTests
{
    [Fact]
    public async Task Slots_arrive_in_order_and_a_full_receiver_makes_the_link_wait()
    {
        var receiver = new Receiver(capacity: 1);
        var link = new Link(receiver, 0, 0, TimeProvider.System, e => Assert.Fail(e.Message), CancellationToken.None);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                link.Send(Slots.Numbered(i), CancellationToken.None);
            }
        });
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(i, (await Task.Run(receiver.Inbox.Take))[0].Index);
        }

        await sending;
        Assert.False(receiver.IsReady);
        // rows that find no room would have crossed the wire for nothing
        Assert.All(receiver.Outcomes, outcome => Assert.Equal(PushOutcome.Accepted, outcome));
    }

    [Fact]
    public async Task A_receiver_of_another_generation_fails_the_link_with_a_sentence()
    {
        var failure = new TaskCompletionSource<Exception>();
        var link = new Link(new Receiver(capacity: 1, generation: 5), 4, 0, TimeProvider.System, failure.SetResult, CancellationToken.None);
        link.Send(Slots.Numbered(0), CancellationToken.None);
        Assert.Contains("does not work for generation 4", (await failure.Task).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_that_is_blocked_on_a_full_link_is_freed_when_its_stage_stops()
    {
        using var stopping = new CancellationTokenSource();
        var link = new Link(new Receiver(capacity: 1), 0, 0, TimeProvider.System, e => Assert.Fail(e.Message), stopping.Token);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                link.Send(Slots.Numbered(i), stopping.Token);
            }
        });
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    /// <summary>A stage without a grain: what the link sees of one.</summary>
    private sealed class Receiver(int capacity, int generation = 0) : ISlotReceiver
    {
        public Inbox Inbox { get; } = new(1, capacity, TimeProvider.System);

        public ConcurrentQueue<PushOutcome> Outcomes { get; } = [];

        public bool IsReady => Inbox.Depth > 0;

        public ValueTask<PushAnswer> Push(SlotMessage message)
        {
            var answer =
                message.Generation == generation
                    ? Inbox.Offer(message.Lane, message.Slot)
                    : new PushAnswer(PushOutcome.WrongGeneration, 0, 0);
            Outcomes.Enqueue(answer.Outcome);
            return ValueTask.FromResult(answer);
        }

        public ValueTask<PushAnswer> WaitForRoom(int asked, int lane, long slot) => Inbox.WaitForRoom(lane, slot);
    }
}
