using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>A layer's inbox whose worker does nothing but wait between two slots.</summary>
internal sealed class SlowWorker
{
    private readonly Inbox _inbox;
    private readonly MemoryPeak _peak = new();
    private readonly Task<TransportMemory> _drained;
    private int _refused;

    public SlowWorker(TimeSpan pace, TimeProvider time)
    {
        _inbox = new Inbox(1, LayerWorkLoop.InboxSlots, time);
        _drained = Task.Factory.StartNew(() => Drain(pace), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public PushAnswer Offer(SlotMessage message)
    {
        _peak.Look();
        var answer = _inbox.Offer(message.Lane, message.Slot);
        if (answer.Outcome != PushOutcome.Accepted)
        {
            Interlocked.Increment(ref _refused);
        }

        return answer;
    }

    public ValueTask<PushAnswer> WaitForRoom(int lane, long slot) => _inbox.WaitForRoom(lane, slot);

    public async Task<TransportDrained> Drained() => new(await _drained, _refused);

    public void Close() => _inbox.Close();

    private TransportMemory Drain(TimeSpan pace)
    {
        Slot slot;
        do
        {
            slot = _inbox.Take()[0];
            Thread.Sleep(pace);
            _peak.Look();
            slot.Rows?.Dispose();
        } while (slot.Kind != SlotKind.End);
        return _peak.Rise;
    }
}
