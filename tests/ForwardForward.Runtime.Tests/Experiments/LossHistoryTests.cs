using ForwardForward.Runtime.Experiments;

namespace ForwardForward.Runtime.Tests.Experiments;

/// <summary>When a run that is lost again and again tries once more, and when it gives up.</summary>
public sealed class LossHistoryTests
{
    [Fact]
    public void Losses_without_a_checkpoint_in_between_are_in_vain_and_a_newer_checkpoint_begins_anew()
    {
        var without = Lost(LossHistory.None, null, null);
        var again = Lost(without, 39, 39, 39);
        var forward = Lost(again, 79);

        Assert.Equal((2, 2, 0), (without.InVain, again.InVain, forward.InVain));
        Assert.Equal((-1, 39, 79), (without.Checkpoint, again.Checkpoint, forward.Checkpoint));
    }

    [Fact]
    public void An_older_checkpoint_than_at_the_last_loss_is_no_step_forward()
    {
        var behind = Lost(LossHistory.None, 79, 39);
        var back = Lost(behind, 79);

        Assert.Equal((1, 0), (behind.InVain, back.InVain));
    }

    [Fact]
    public void A_run_gives_up_after_as_many_losses_in_vain_as_it_may_have()
    {
        var last = Lost(LossHistory.None, [.. Enumerable.Repeat<long?>(null, LossHistory.MaxInVain)]);

        Assert.False(last.IsHopeless);
        Assert.True(last.With(null, isFailure: false).IsHopeless);
        Assert.False(Lost(last, 39).IsHopeless);
    }

    [Fact]
    public void A_stage_that_fails_again_and_again_at_one_place_ends_the_run_sooner_than_silos_that_are_lost()
    {
        var history = LossHistory.None;
        for (var failure = 0; failure < LossHistory.MaxFailures; failure++)
        {
            history = Lost(history.With(39, isFailure: true), 39);
        }

        Assert.False(history.IsHopeless);
        Assert.True(history.With(39, isFailure: true).IsHopeless);
        Assert.False(history.With(79, isFailure: true).IsHopeless);
        Assert.Equal(1, history.With(79, isFailure: true).Failures);
    }

    [Fact]
    public void The_wait_before_the_next_try_doubles_up_to_a_second()
    {
        var delays = Enumerable.Range(0, 80).Select(inVain => (LossHistory.None with { InVain = inVain }).Delay.TotalMilliseconds).ToList();

        Assert.Equal([100, 200, 400, 800, 1000, 1000], delays.Take(6));
        Assert.All(delays.Skip(4), delay => Assert.Equal(1000, delay));
    }

    [Fact]
    public void A_recovery_that_needs_a_second_try_is_no_news_and_one_that_needs_many_is()
    {
        var second = Lost(LossHistory.None, 39, 39);
        var many = Lost(second, 39, 39);

        Assert.False(second.IsNews);
        Assert.True(many.IsNews);
    }

    private static LossHistory Lost(LossHistory history, params long?[] checkpoints) =>
        checkpoints.Aggregate(history, (before, checkpoint) => before.With(checkpoint, isFailure: false));
}
