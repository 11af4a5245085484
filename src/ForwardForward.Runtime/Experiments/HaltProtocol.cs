using ForwardForward.Learning.Checkpoints;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>
/// How one generation of a run comes to rest: the source is asked to halt, it names the slot that is its last, every stage saves what it is
/// after that slot, and the run rests once that checkpoint is committed. One caller waits for it at a time.
/// </summary>
/// <param name="halt">Asks the source of a generation to halt.</param>
/// <param name="goOn">Takes that back.</param>
internal sealed class HaltProtocol(Func<int, Task> halt, Func<int, Task> goOn)
{
    private TaskCompletionSource<bool>? _waiting;
    private long? _lastSlot;
    private bool _isIdle; // no slot is made, and none is marked as the last

    /// <summary>Whether a checkpoint is the one after which nothing is under way.</summary>
    public bool RestsAt(long? checkpoint) => _isIdle || (_lastSlot is not null && checkpoint == _lastSlot);

    /// <summary>Asks for a halt and waits for its end.</summary>
    /// <returns>Whether the run rests; false where the generation is over before it does.</returns>
    /// <exception cref="CheckpointException">The state after the last slot cannot be kept, and the source goes on.</exception>
    /// <exception cref="StageLostException">The source does not work for this generation.</exception>
    public async Task<bool> Halt(int generation)
    {
        var waiting = _waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await halt(generation);
            return await waiting.Task;
        }
        catch (CheckpointException)
        {
            _lastSlot = null;
            await goOn(generation);
            throw;
        }
        finally
        {
            _waiting = null;
        }
    }

    /// <summary>The source makes no slot after this one.</summary>
    public void Announced(long lastSlot) => _lastSlot = lastSlot;

    /// <summary>The source waits for examples and makes no slot: what is past the last checkpoint is made again from its journal.</summary>
    public void Idles()
    {
        _isIdle = true;
        _waiting?.TrySetResult(true);
    }

    /// <summary>A checkpoint is committed.</summary>
    /// <returns>Whether the run rests at it.</returns>
    public bool Committed(long slot)
    {
        if (!RestsAt(slot))
        {
            return false;
        }

        _waiting?.TrySetResult(true);
        return true;
    }

    /// <summary>A checkpoint cannot be kept.</summary>
    public void Missed(long slot, string reason)
    {
        if (RestsAt(slot))
        {
            _waiting?.TrySetException(new CheckpointException(reason));
        }
    }

    /// <summary>The generation is over, or belongs to another coordinator: whoever waits for its halt waits in vain.</summary>
    public void Abandon() => _waiting?.TrySetResult(false);

    /// <summary>A new generation begins, whose source makes slots again.</summary>
    public void Begin()
    {
        (_lastSlot, _isIdle) = (null, false);
        Abandon();
    }
}
