using ForwardForward.Contracts.Slots;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// The place of one stage: which generation of the run has it, and who works there. What speaks for another generation is refused. Knows no
/// grains.
/// </summary>
internal sealed class GenerationFence
{
    private int _generation = -1;
    private int _newest;
    private IStageWorker? _worker;
    private SlotAssembly? _arriving;

    public bool IsOpenFor(int generation) => generation == _generation;

    /// <summary>Keeps the place for a generation: from here on none that is older moves, opens or closes the stage.</summary>
    /// <exception cref="StageLostException">A newer generation has the place.</exception>
    public void Claim(int generation)
    {
        if (generation < _newest)
        {
            throw new StageLostException($"The stage works for generation {_newest} already.");
        }

        _newest = generation;
    }

    /// <summary>Puts a worker in the place of whoever is there; answers when it is ready.</summary>
    /// <exception cref="StageLostException">A newer generation has the place.</exception>
    public async Task Open(int generation, Func<IStageWorker> start)
    {
        Claim(generation);
        await Stop();
        _worker = start();
        _arriving = new SlotAssembly(_worker.Inbox);
        _generation = generation; // before the worker's first slot can come back as an answer from above
        try
        {
            await _worker.Ready;
        }
        catch
        {
            await Stop();
            throw;
        }
    }

    public PushAnswer Offer(SlotMessage message) => IsOpenFor(message.Generation) ? _arriving!.Offer(message) : WrongGeneration;

    public ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot) =>
        IsOpenFor(generation) ? _worker!.Inbox.WaitForRoom(lane, slot) : ValueTask.FromResult(WrongGeneration);

    /// <returns>Whether it is closed; false where a newer generation has the place, and who called coordinates the run no more.</returns>
    public async Task<bool> Close(int generation)
    {
        if (generation < _newest)
        {
            return false;
        }

        await Stop();
        return true;
    }

    public async Task Stop()
    {
        _generation = -1;
        if (_worker is { } worker)
        {
            _worker = null;
            await worker.Stop();
        }
    }

    private static PushAnswer WrongGeneration => new(PushOutcome.WrongGeneration, 0, 0);
}
