using ForwardForward.Client;
using Orleans.Runtime.Messaging;

namespace ForwardForward.Silo.Tests;

public class EntryPatienceTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void A_client_that_a_busy_cluster_lets_wait_goes_on_and_one_that_is_turned_away_gives_up()
    {
        var waits = new EntryPatience(_clock);
        var turnedAway = new EntryPatience(_clock);
        var late = Wrapped(new TimeoutException());
        _clock.Elapsed = EntryPatience.WhenRefused + TimeSpan.FromSeconds(1);

        Assert.True(waits.Endures(late));
        Assert.True(waits.Endures(new ConnectionFailedException("Unable to connect, will retry after 300 ms")));
        Assert.False(waits.IsRefused);
        Assert.False(turnedAway.Endures(Wrapped(new IOException("Connection reset by peer."))));
        Assert.True(turnedAway.IsRefused);
        _clock.Elapsed = EntryPatience.WhenSilent;
        Assert.False(waits.Endures(late));
    }

    [Fact]
    public void One_that_is_turned_away_at_first_tries_again_while_its_patience_lasts()
    {
        var patience = new EntryPatience(_clock);
        _clock.Elapsed = TimeSpan.FromSeconds(7);

        Assert.True(patience.Endures(Wrapped(new InvalidOperationException("Unexpected cluster id."))));
        Assert.True(patience.IsRefused);
    }

    private static ConnectionFailedException Wrapped(Exception cause) => new("Unable to connect.", cause);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
