using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using Orleans.Placement;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>The near end of a measured way.</summary>
[Immovable, PlannedPlacement]
internal sealed class TransportSenderGrain : Grain, ITransportSender
{
    private ITransportReceiver Receiver => GrainFactory.GetGrain<ITransportReceiver>(this.GetPrimaryKeyString());

    public Task Open(SiloAddress receiver) => PlannedPlacementDirector.On(receiver, Receiver.Open);

    public async Task<TransportTime> PushSlots(TransportLoad load)
    {
        var receiver = Receiver;
        using var pusher = new SlotPusher(receiver, load);
        var (there, here) = (await receiver.Processor(), Environment.CpuUsage.TotalTime);
        var elapsed = await Task.Run(pusher.Push); // a link pushes from the pool too, not from a turn
        return new TransportTime(elapsed, Environment.CpuUsage.TotalTime - here, await receiver.Processor() - there);
    }

    public async Task<TimeSpan> SendBytes(TransportLoad load)
    {
        var receiver = await Receiver.Listen(load.Bytes, load.SlotBytes);
        return await OnThread(() => BareSocket.Send(receiver, load.Bytes, load.SlotBytes));
    }

    public async Task<TransportBacklog> Overload(TransportLoad load, TimeSpan pace)
    {
        var receiver = Receiver;
        using var pusher = new SlotPusher(receiver, load);
        await receiver.TakeSlowly(pace);
        using var stopping = new CancellationTokenSource();
        var failure = new TaskCompletionSource();
        var link = new Link(receiver, 0, 0, TimeProvider.System, failure.SetException, stopping.Token);
        var peak = new MemoryPeak();
        var sending = OnThread(() =>
        {
            pusher.Send(link, peak, stopping.Token);
            return peak.Rise;
        });
        try
        {
            await await Task.WhenAny(sending, failure.Task);
            var drained = await receiver.Drained();
            return new TransportBacklog(await sending, drained.Memory, drained.Refused);
        }
        finally
        {
            await stopping.CancelAsync();
        }
    }

    public async Task Close()
    {
        await Receiver.Close();
        DeactivateOnIdle();
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
