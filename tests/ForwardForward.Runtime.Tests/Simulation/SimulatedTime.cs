namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>A clock that stands still until it is told to go to its next timer.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<Timer, (long Due, long Order)> _timers = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now => TimeSpan.FromTicks(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new(_now + TimeSpan.TicksPerDay, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        if (dueTime >= TimeSpan.Zero)
        {
            _timers.Enqueue(timer, (_now + dueTime.Ticks, _order++));
        }

        return timer;
    }

    /// <summary>Lets an action happen later.</summary>
    public void After(TimeSpan delay, Action action) => CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan);

    /// <returns>False where nothing is due before the limit.</returns>
    public bool GoToNext(TimeSpan limit)
    {
        while (_timers.TryDequeue(out var timer, out var at))
        {
            if (timer.IsDisposed)
            {
                continue;
            }

            if (at.Due > limit.Ticks)
            {
                return false;
            }

            _now = Math.Max(_now, at.Due);
            timer.Fire();
            return true;
        }

        return false;
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        public bool IsDisposed { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("Nothing that is simulated changes a timer.");

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
