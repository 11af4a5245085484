using System.Net;
using ForwardForward.Contracts.Slots;
using ForwardForward.Runtime.Placement;
using Orleans.Placement;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>The far end of a measured way.</summary>
[Immovable, PlannedPlacement]
internal sealed class TransportReceiverGrain(ILocalSiloDetails silo, TimeProvider time) : Grain, ITransportReceiver
{
    private SlowWorker? _slow;

    public Task Open() => Task.CompletedTask;

    public Task<TimeSpan> Processor() => Task.FromResult(Environment.CpuUsage.TotalTime);

    public ValueTask<PushAnswer> Push(SlotMessage message)
    {
        var answer = _slow?.Offer(message) ?? new PushAnswer(PushOutcome.Accepted, message.Slot.Index + 1, int.MaxValue);
        if (message.WasCopied && (_slow is null || answer.Outcome != PushOutcome.Accepted))
        {
            message.Slot.Rows?.Dispose();
        }

        return ValueTask.FromResult(answer);
    }

    public ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot) =>
        _slow?.WaitForRoom(lane, slot) ?? ValueTask.FromResult(new PushAnswer(PushOutcome.Full, slot, int.MaxValue));

    public Task<IPEndPoint> Listen(long bytes, int pieceBytes) =>
        Task.FromResult(BareSocket.Listen(silo.SiloAddress.Endpoint.Address, bytes, pieceBytes));

    public Task TakeSlowly(TimeSpan pace)
    {
        _slow?.Close();
        _slow = new SlowWorker(pace, time);
        return Task.CompletedTask;
    }

    public async Task<TransportDrained> Drained()
    {
        var slow = _slow ?? throw new InvalidOperationException("The receiver was asked for its slow worker before it had one.");
        var drained = await slow.Drained();
        _slow = null;
        return drained;
    }

    public Task Close()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _slow?.Close();
        return Task.CompletedTask;
    }
}
