using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Placement;

/// <summary>Which silos a run may move to of its own will; seen once a second.</summary>
public sealed class SteadySilosTests
{
    [Fact]
    public void A_silo_that_joins_may_be_moved_to_after_five_seconds()
    {
        Assert.Equal([5], Moves(_ => true, seconds: 60));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(120)]
    public void A_silo_that_comes_and_goes_is_moved_to_ever_more_rarely(int secondsThereAndGone)
    {
        var moves = Moves(second => second / secondsThereAndGone % 2 == 0, seconds: 3600);

        Assert.InRange(
            moves.Count,
            0,
            secondsThereAndGone <= 20 ? 1
                : secondsThereAndGone <= 120 ? 2
                : 3
        );
    }

    [Fact]
    public void A_silo_that_was_gone_once_is_moved_to_when_it_has_been_back_for_half_a_minute()
    {
        Assert.Equal([5, 125], Moves(second => second is < 60 or >= 100, seconds: 600));
    }

    [Fact]
    public void A_silo_that_was_gone_often_is_moved_to_when_it_has_been_back_for_ten_minutes()
    {
        Assert.Equal(4998 + 600, Moves(second => second >= 4998 || second / 3 % 2 == 0, seconds: 10_000)[^1]);
    }

    [Fact]
    public void One_that_comes_and_goes_keeps_no_other_from_being_moved_to()
    {
        var steady = new SteadySilos();
        for (var second = 0; second < 60; second++)
        {
            steady.See(second % 2 == 0 ? ["good", "bad"] : ["good"], TimeSpan.FromSeconds(second));
        }

        Assert.True(steady.Has("good", TimeSpan.FromSeconds(60)));
        Assert.False(steady.Has("bad", TimeSpan.FromSeconds(60)));
    }

    /// <summary>The seconds at which a silo becomes one that a run may move to.</summary>
    private static List<int> Moves(Func<int, bool> isThere, int seconds)
    {
        var steady = new SteadySilos();
        List<int> moves = [];
        var before = false;
        for (var second = 0; second < seconds; second++)
        {
            var now = TimeSpan.FromSeconds(second);
            steady.See(isThere(second) ? ["silo-2"] : [], now);
            if (steady.Has("silo-2", now) && !before)
            {
                moves.Add(second);
            }

            before = steady.Has("silo-2", now);
        }

        return moves;
    }
}
