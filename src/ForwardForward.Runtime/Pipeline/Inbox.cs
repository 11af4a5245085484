using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>
/// Where a grain's turns leave slots for the stage's worker: one window per lane, all lanes in step; a lane may leave slots out. Turns
/// never wait here; the worker does, on its own thread.
/// </summary>
internal sealed class Inbox
{
    // far below the call timeout, so that an answer always comes
    private static readonly TimeSpan MaxWaitForRoom = TimeSpan.FromSeconds(1);

    private readonly SlotWindow[] _lanes;
    private readonly List<(int Lane, long Slot, TaskCompletionSource Room)> _waiting = [];
    private readonly TimeProvider _time;
    private bool _isClosed;

    /// <param name="lanes">Inputs that the worker takes one slot each from.</param>
    /// <param name="capacity">Most slots that a lane holds.</param>
    /// <param name="time">Clock of the wait for room.</param>
    /// <param name="first">Number of the slot that leaves first.</param>
    public Inbox(int lanes, int capacity, TimeProvider time, long first = 0)
        : this([.. Enumerable.Range(0, lanes).Select(_ => new SlotWindow(capacity, first))], time) { }

    /// <param name="lanes">One of them has every slot.</param>
    /// <param name="time">Clock of the wait for room.</param>
    public Inbox(SlotWindow[] lanes, TimeProvider time) => (_lanes, _time) = (lanes, time);

    /// <summary>What the worker takes in the middle of a slot: its lanes are numbered on from these.</summary>
    public Inbox? Further { get; init; }

    /// <summary>Slots that the fullest lane holds.</summary>
    public int Depth
    {
        get
        {
            lock (_lanes)
            {
                return _lanes.Max(lane => lane.Held);
            }
        }
    }

    /// <summary>For a worker that has no thread to wait on: something has come that <see cref="TryTake"/> may want.</summary>
    public event Action? Filled;

    public PushAnswer Offer(int lane, Slot slot)
    {
        if (lane >= _lanes.Length && Further is not null)
        {
            return Further.Offer(lane - _lanes.Length, slot);
        }

        lock (_lanes)
        {
            var answer = _lanes[lane].Offer(slot);
            if (_lanes[lane].IsReady)
            {
                Monitor.PulseAll(_lanes);
                Filled?.Invoke();
            }

            return answer;
        }
    }

    /// <inheritdoc cref="SlotWindow.Ask"/>
    public PushAnswer Ask(int lane, long slot)
    {
        if (lane >= _lanes.Length && Further is not null)
        {
            return Further.Ask(lane - _lanes.Length, slot);
        }

        lock (_lanes)
        {
            return _lanes[lane].Ask(slot);
        }
    }

    /// <summary>Answers when the lane has room for the slot, or after a second without.</summary>
    public async ValueTask<PushAnswer> WaitForRoom(int lane, long slot)
    {
        if (lane >= _lanes.Length && Further is not null)
        {
            return await Further.WaitForRoom(lane - _lanes.Length, slot);
        }

        TaskCompletionSource room;
        lock (_lanes)
        {
            if (_lanes[lane].HasRoomFor(slot) || _isClosed)
            {
                return _lanes[lane].Answer(PushOutcome.Full);
            }

            room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((lane, slot, room));
        }

        using (_time.CreateTimer(_ => room.TrySetResult(), null, MaxWaitForRoom, Timeout.InfiniteTimeSpan))
        {
            await room.Task;
        }

        lock (_lanes)
        {
            _waiting.RemoveAll(waiter => waiter.Room == room);
            return _lanes[lane].Answer(PushOutcome.Full);
        }
    }

    /// <summary>
    /// Blocks the calling thread until every lane that the next slot has a place in has it, and takes them, in the order of the lanes.
    /// </summary>
    /// <exception cref="OperationCanceledException">The inbox was closed.</exception>
    public Slot[] Take()
    {
        lock (_lanes)
        {
            while (!_isClosed && !IsReady)
            {
                Monitor.Wait(_lanes);
            }

            if (_isClosed)
            {
                throw new OperationCanceledException("The stage was closed.");
            }

            return TakeAll();
        }
    }

    /// <summary>As <see cref="Take"/>, but does not wait.</summary>
    /// <returns>Null where a lane has not got its next slot.</returns>
    public Slot[]? TryTake()
    {
        lock (_lanes)
        {
            return !_isClosed && IsReady ? TakeAll() : null;
        }
    }

    private long Next => _lanes.Min(lane => lane.Next);

    private bool IsReady => Next is var next && Array.TrueForAll(_lanes, lane => lane.Next > next || lane.IsReady);

    private Slot[] TakeAll()
    {
        var next = Next;
        Slot[] slots = [.. _lanes.Where(lane => lane.Next == next).Select(lane => lane.Take())];
        _waiting.FindAll(w => _lanes[w.Lane].HasRoomFor(w.Slot)).ForEach(w => w.Room.TrySetResult());
        return slots;
    }

    public void Close()
    {
        lock (_lanes)
        {
            _isClosed = true;
            _waiting.ForEach(w => w.Room.TrySetResult());
            Monitor.PulseAll(_lanes);
        }

        Further?.Close();
    }
}
