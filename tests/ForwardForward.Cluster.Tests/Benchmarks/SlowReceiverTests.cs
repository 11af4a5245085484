using ForwardForward.Benchmarks.Transport;
using ForwardForward.Learning.Tests.Data;
using ForwardForward.Runtime.Hosting;
using ForwardForward.Runtime.Layers;
using ForwardForward.Runtime.Pipeline;
using Orleans.Runtime.Placement;

namespace ForwardForward.Cluster.Tests.Benchmarks;

/// <summary>Runs alone: it counts the rows of the whole process.</summary>
[CollectionDefinition(nameof(SlowReceiverTests), DisableParallelization = true)]
public sealed class RunsAlone;

[Collection(nameof(SlowReceiverTests))]
public sealed class SlowReceiverTests : IDisposable
{
    private const int Mebibyte = 1 << 20; // a size that the pool does not round up
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_slow_receiver_on_another_silo_bounds_what_is_alive_to_inbox_queue_and_flight()
    {
        const int Sender = Link.QueuedSlots + 2; // one in flight, one that the worker cannot get rid of
        const int Receiver = LayerWorkLoop.InboxSlots + 1; // one that its worker has
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var sender = await Open(cluster);
        var load = new TransportLoad(Rows: 256, Width: 2048, Slots: 60);
        Assert.Equal(Mebibyte, load.SlotBytes);

        var backlog = await sender.Overload(load, TimeSpan.FromMilliseconds(5));

        Assert.Equal(0, backlog.Refused);
        foreach (var memory in new[] { backlog.Sender, backlog.Receiver })
        {
            Assert.InRange(memory.RowBytes, (Sender + Receiver - 2) * Mebibyte, (Sender + Receiver) * Mebibyte);
        }

        await sender.Close();
    }

    [Fact]
    public async Task Both_ways_between_two_silos_can_be_timed_and_leave_no_rows_behind()
    {
        await using var cluster = await EmbeddedCluster.Start(2, _folder["cache"], _folder["checkpoints"]);
        var sender = await Open(cluster);
        var before = Learning.Tensors.Activations.BytesInUse;
        var load = new TransportLoad(Rows: 10, Width: 1000, Slots: 20, InFlight: 8);
        var time = await sender.PushSlots(load);
        Assert.All([time.Elapsed, time.SenderProcessor, time.ReceiverProcessor], one => Assert.True(one > TimeSpan.Zero));
        Assert.True(await sender.SendBytes(load) > TimeSpan.Zero);
        Assert.Equal(before, Learning.Tensors.Activations.BytesInUse);
        await sender.Close();
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<ITransportSender> Open(EmbeddedCluster cluster)
    {
        var silos = (await cluster.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Order().ToList();
        var sender = cluster.Grains.GetGrain<ITransportSender>("test");
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[0]);
        await sender.Open(silos[1]);
        RequestContext.Clear();
        return sender;
    }
}
