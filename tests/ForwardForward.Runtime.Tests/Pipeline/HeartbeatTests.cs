using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Runtime.Tests.Pipeline;

public sealed class HeartbeatTests
{
    [Theory]
    [InlineData(0.1, 60)]
    [InlineData(7, 43)]
    [InlineData(25, 24)]
    public void A_stage_says_that_it_works_every_ten_seconds_or_with_every_slot_that_takes_longer(double secondsOfSlot, int told)
    {
        var (time, heard) = (new Hand(), 0);
        var heart = new Heartbeat(time, () => heard++);

        for (var seconds = 0.0; seconds + secondsOfSlot <= 600.0001; seconds += secondsOfSlot)
        {
            time.Seconds += secondsOfSlot;
            heart.Beat();
        }

        Assert.InRange(heard, told - 1, told);
    }

    private sealed class Hand : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * TimestampFrequency);
    }
}
