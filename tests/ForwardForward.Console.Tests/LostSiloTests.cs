using ForwardForward.Client;

namespace ForwardForward.Console.Tests;

public sealed class LostSiloTests
{
    [Fact]
    public async Task A_process_that_is_held_still_while_it_waits_for_an_answer_asks_again()
    {
        var (clock, asked) = (new Clock(), 0);

        var answer = await LostSilo.Outlast("Silence.", () => Answer(asked++ == 0, TimeSpan.FromHours(3), clock), clock);

        Assert.Equal(("an answer", 2), (answer, asked));
    }

    [Fact]
    public async Task A_minute_without_an_answer_is_told()
    {
        var (clock, asked) = (new Clock(), 0);

        var told = await Assert.ThrowsAsync<ClusterUnreachableException>(() =>
            LostSilo.Outlast("Silence.", () => Answer(asked++ < 10, TimeSpan.FromSeconds(31), clock), clock)
        );

        Assert.Equal(("Silence.", 3), (told.Message, asked));
    }

    private static Task<string> Answer(bool isLost, TimeSpan after, Clock clock)
    {
        clock.Passed += after;
        return isLost ? Task.FromException<string>(new TimeoutException()) : Task.FromResult("an answer");
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
