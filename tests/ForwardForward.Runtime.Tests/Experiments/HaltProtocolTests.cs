using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Experiments;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Tests.Experiments;

/// <summary>How a generation of a run comes to rest, and what it does instead.</summary>
public sealed class HaltProtocolTests
{
    private readonly List<string> _asked = [];
    private readonly HaltProtocol _protocol;

    public HaltProtocolTests() => _protocol = new HaltProtocol(Asked("halt"), Asked("go on"));

    [Fact]
    public async Task It_rests_once_the_checkpoint_of_the_slot_that_the_source_named_is_committed()
    {
        var halt = _protocol.Halt(generation: 4);

        _protocol.Announced(lastSlot: 17);
        Assert.False(_protocol.Committed(9)); // one of the plan, on its way before
        Assert.False(halt.IsCompleted);
        Assert.True(_protocol.Committed(17));

        Assert.True(await halt);
        Assert.Equal(["halt 4"], _asked);
        Assert.True(_protocol.RestsAt(17));
        Assert.False(_protocol.RestsAt(9));
        Assert.False(_protocol.RestsAt(null));
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_kept_is_told_to_who_waits_and_the_source_goes_on()
    {
        var halt = _protocol.Halt(4);

        _protocol.Announced(17);
        _protocol.Missed(9, "Another one.");
        Assert.False(halt.IsCompleted);
        _protocol.Missed(17, "The disk is full.");

        Assert.Equal("The disk is full.", (await Assert.ThrowsAsync<CheckpointException>(() => halt)).Message);
        Assert.Equal(["halt 4", "go on 4"], _asked);
        Assert.False(_protocol.Committed(17)); // a late one of the halt that was taken back
    }

    [Fact]
    public async Task Whoever_waits_for_a_generation_that_is_over_waits_in_vain()
    {
        var ended = _protocol.Halt(4);
        _protocol.Announced(17);
        _protocol.Abandon();
        var lost = _protocol.Halt(4);
        _protocol.Begin();

        Assert.False(await ended);
        Assert.False(await lost);
        Assert.False(_protocol.RestsAt(17)); // the next generation's source has named none
    }

    [Fact]
    public async Task A_source_that_is_gone_is_told_of_as_that_and_the_next_try_is_a_new_one()
    {
        var gone = new HaltProtocol(_ => throw new StageLostException("The source is gone."), Asked("go on"));

        await Assert.ThrowsAsync<StageLostException>(() => gone.Halt(4));
        gone.Announced(17);

        Assert.True(gone.Committed(17)); // nobody waits, and nothing breaks
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task One_that_rested_already_rests_at_the_next_try_as_well()
    {
        var first = _protocol.Halt(4);
        _protocol.Announced(17);
        _protocol.Committed(17);
        await first;

        Assert.True(_protocol.RestsAt(17)); // the answer was lost: the coordinator asks nobody again
    }

    private Func<int, Task> Asked(string what) =>
        generation =>
        {
            _asked.Add($"{what} {generation}");
            return Task.CompletedTask;
        };
}
