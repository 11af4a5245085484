using ForwardForward.Runtime.Sources;

namespace ForwardForward.Runtime.Tests.Sources;

public sealed class TurnsTests
{
    private readonly Clock _time = new();

    [Fact]
    public async Task A_run_goes_on_for_its_turn_and_then_lets_the_one_that_waits_longest_have_it()
    {
        var turns = new Turns(1);
        using var first = turns.Of(_time);
        using var second = turns.Of(_time);
        first.Await(NobodyWaits, CancellationToken.None);
        var (waits, waited) = Waiting(second);
        await waited;

        first.Await(NobodyWaits, CancellationToken.None); // its turn is not over
        Assert.False(waits.IsCompleted);
        _time.Now += Turns.Length;
        var (again, waitedAgain) = Waiting(first);
        await waits;
        await waitedAgain;
        Assert.False(again.IsCompleted);

        second.Dispose();
        await again;
    }

    [Fact]
    public void Without_others_who_wait_no_turn_ends()
    {
        var turns = new Turns(2);
        using var first = turns.Of(_time);
        using var second = turns.Of(_time);
        for (var slot = 0; slot < 3; slot++)
        {
            first.Await(NobodyWaits, CancellationToken.None);
            second.Await(NobodyWaits, CancellationToken.None);
            _time.Now += Turns.Length;
        }
    }

    [Fact]
    public async Task A_run_that_ends_while_it_waits_takes_no_turn_from_the_others()
    {
        var turns = new Turns(1);
        using var first = turns.Of(_time);
        using var third = turns.Of(_time);
        first.Await(NobodyWaits, CancellationToken.None);
        using (var second = turns.Of(_time))
        {
            Assert.Throws<OperationCanceledException>(() => second.Await(NobodyWaits, new CancellationToken(canceled: true)));
        }

        var (waits, waited) = Waiting(third);
        await waited;
        first.End();
        await waits;
    }

    private static void NobodyWaits() => Assert.Fail("It has a turn.");

    // Beside its end what tells that it waits, and is heard of meanwhile.
    private static (Task Ends, Task Waits) Waiting(Turns.Turn turn)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ends = Task.Factory.StartNew(
            () => turn.Await(() => waits.TrySetResult(), CancellationToken.None),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return (ends, waits.Task);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
