using System.Diagnostics;
using System.Runtime.InteropServices;
using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Pipeline;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>Makes a load's slots and brings them to a receiver.</summary>
internal sealed class SlotPusher(ITransportReceiver receiver, TransportLoad load) : IDisposable
{
    private readonly Activations _rows = RowsOf(load);
    private long _next = -1;

    /// <summary>With as many acknowledged pushes at a time as the load has in flight.</summary>
    public async Task<TimeSpan> Push()
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, load.InFlight).Select(_ => Task.Run(PushInTurn)));
        return watch.Elapsed;
    }

    /// <summary>Through a link, which blocks the calling thread while its queue is full; then a slot of kind End.</summary>
    public void Send(Link link, MemoryPeak peak, CancellationToken cancellation)
    {
        for (var index = 0; index < load.Slots; index++)
        {
            var slot = Make(index, Copy());
            peak.Look();
            link.Send(slot, cancellation);
        }

        link.Send(
            new Slot
            {
                Index = load.Slots,
                Kind = SlotKind.End,
                Epoch = 0,
            },
            cancellation
        );
    }

    private async Task PushInTurn()
    {
        while (Interlocked.Increment(ref _next) is var index && index < load.Slots)
        {
            var slot = Make(index, _rows.Share(0, load.Rows));
            await receiver.Push(new SlotMessage(0, 0, slot));
            slot.Rows!.Dispose();
        }
    }

    public void Dispose() => _rows.Dispose();

    private Slot Make(long index, Activations rows) =>
        new()
        {
            Index = index,
            Kind = SlotKind.Train,
            Epoch = 0,
            Layout = new RowLayout(load.Rows, 0, 0, 0),
            Rows = rows,
        };

    // Rows of their own, which are alive until they have arrived.
    private Activations Copy()
    {
        var rows = Activations.Rent(load.Rows, load.Width, TransportLoad.Precision);
        _rows.Bytes.CopyTo(rows.Bytes);
        return rows;
    }

    private static Activations RowsOf(TransportLoad load)
    {
        var (rows, random) = (
            Activations.Rent(load.Rows, load.Width, TransportLoad.Precision),
            new KeyedRandom(1, RandomPurpose.Order, 0, 0)
        );
        foreach (ref var element in MemoryMarshal.Cast<byte, ushort>(rows.Bytes))
        {
            // any number that is finite and above zero
            element = random.NextSingle() < load.Active ? (ushort)(1 + random.NextInt32(0x7F7F)) : (ushort)0;
        }

        return rows;
    }
}
