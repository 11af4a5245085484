using System.Threading.Channels;
using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Placement;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// The way from one stage to the next: a short queue that the worker fills and one loop that pushes its slots in order, each acknowledged
/// before the next. The queue is what bounds a fast sender: a full one makes the worker wait.
/// </summary>
internal sealed class Link
{
    /// <summary>Most slots that wait in the queue.</summary>
    public const int QueuedSlots = 2;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    // longer than it takes until a silo that is gone is known to be
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);

    private readonly Channel<Slot> _queue = Channel.CreateBounded<Slot>(
        new BoundedChannelOptions(QueuedSlots) { SingleReader = true, SingleWriter = true }
    );
    private readonly ISlotReceiver _receiver;
    private readonly int _generation;
    private readonly int _lane;
    private readonly TimeProvider _time;
    private readonly Action<int>? _sent;
    private readonly int _piece;
    private long _noRoomFrom = long.MaxValue; // as the receiver said last: rows that find no room would cross the wire for nothing

    /// <param name="failed">Called once if a slot cannot be delivered.</param>
    /// <param name="cancellation">Ends the loop; what is still queued is dropped.</param>
    /// <param name="scheduler">Of the loop; null: the thread pool's.</param>
    /// <param name="sent">Hears of the bytes of rows that went to another silo.</param>
    /// <param name="piece">Most bytes of rows that go to another silo in one message.</param>
    public Link(
        ISlotReceiver receiver,
        int generation,
        int lane,
        TimeProvider time,
        Action<Exception> failed,
        CancellationToken cancellation,
        TaskScheduler? scheduler = null,
        Action<int>? sent = null,
        int piece = int.MaxValue
    )
    {
        _receiver = receiver;
        _generation = generation;
        _lane = lane;
        _time = time;
        _sent = sent;
        _piece = piece;
        _ = Task.Factory.StartNew(
            () => Drain(failed, cancellation),
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            scheduler ?? TaskScheduler.Default
        );
    }

    /// <summary>Queues a slot whose rows are the link's from now on; blocks the calling thread while the queue is full.</summary>
    public void Send(Slot slot, CancellationToken cancellation)
    {
        while (!_queue.Writer.TryWrite(slot))
        {
            _queue.Writer.WaitToWriteAsync(cancellation).AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>
    /// Sends a slot to every stage that is to have it, all of the same rows, which are the links' from now on; where there is none, to
    /// nobody.
    /// </summary>
    public static void SendAll(IReadOnlyList<Link> links, Slot slot, CancellationToken cancellation)
    {
        foreach (var link in links)
        {
            link.Send(slot.Shared(), cancellation);
        }

        slot.Release();
    }

    /// <summary>As <see cref="Send"/>, for who must not block.</summary>
    public ValueTask SendAsync(Slot slot, CancellationToken cancellation) => _queue.Writer.WriteAsync(slot, cancellation);

    private async Task Drain(Action<Exception> failed, CancellationToken cancellation)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellation)) // ReadAllAsync would leave the scheduler
            {
                while (_queue.Reader.TryRead(out var slot))
                {
                    await Deliver(slot, cancellation);
                }
            }
        }
        catch (Exception e)
        {
            _queue.Writer.TryComplete(e);
            if (!cancellation.IsCancellationRequested)
            {
                failed(e);
            }
        }
    }

    // A call whose answer was lost may be made again: the receiver knows a slot that came before.
    private async Task<PushAnswer> Ask(Func<ValueTask<PushAnswer>> call, CancellationToken cancellation)
    {
        for (var started = _time.GetTimestamp(); ; )
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is OrleansException or TimeoutException && _time.GetElapsedTime(started) < MaxSilence)
            {
                await Task.Delay(RetryAfter, _time, cancellation);
            }
        }
    }

    private async Task Deliver(Slot slot, CancellationToken cancellation)
    {
        var pieces = SlotPiece.Of(slot, _piece); // a receiver on this silo takes all of it from the first message
        SlotMessage message;
        PushAnswer answer;
        var next = 0;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            message = new SlotMessage(_generation, _lane, slot) { Piece = pieces[next] };
            answer = await Ask(
                () => slot.Index < _noRoomFrom ? _receiver.Push(message) : _receiver.WaitForRoom(_generation, _lane, slot.Index),
                cancellation
            );
            _noRoomFrom = answer.NextExpected + answer.FreePlaces;
            next = answer.Outcome == PushOutcome.Incomplete ? answer.NextPiece : 0;
        } while (answer.Outcome is PushOutcome.Full or PushOutcome.Incomplete);

        if (answer.Outcome == PushOutcome.WrongGeneration)
        {
            throw new StageLostException($"The next stage does not work for generation {_generation} of this run.");
        }

        if (message.WasCopied)
        {
            _sent?.Invoke((slot.Rows?.Length ?? 0) + (slot.Question?.Rows.Length ?? 0));
            slot.Release();
        }
    }
}
