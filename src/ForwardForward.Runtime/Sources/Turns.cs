namespace ForwardForward.Runtime.Sources;

/// <summary>
/// Lets as many runs of one process make slots at a time as it has cores, in turns. More of them at once would gain nothing and take each
/// other's memory out of the caches: eight small networks on two cores took a tenth more processor time.
/// </summary>
/// <param name="atOnce">Runs that make slots at a time.</param>
internal sealed class Turns(int atOnce)
{
    /// <summary>Many times a slot's way through a small network: what is still on its way when a turn ends is little of it.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _free = atOnce;

    /// <summary>A run's own.</summary>
    public Turn Of(TimeProvider time) => new(this, time);

    /// <returns>Completes when the turn has come.</returns>
    private Task Take()
    {
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return Task.CompletedTask;
            }

            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting);
            return waiting.Task;
        }
    }

    private void Give()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var next))
            {
                _free++;
                return;
            }

            next.SetResult();
        }
    }

    private bool IsWanted()
    {
        lock (_lock)
        {
            return _waiting.Count > 0;
        }
    }

    /// <summary>When one run may make slots. Of one thread.</summary>
    internal sealed class Turn(Turns turns, TimeProvider time) : IDisposable
    {
        private Task? _mine;
        private long _since;

        /// <summary>Called before every slot: holds the caller's thread while it is the others' turn.</summary>
        /// <param name="waits">Called now and then meanwhile.</param>
        /// <exception cref="OperationCanceledException">The wait was ended.</exception>
        public void Await(Action waits, CancellationToken cancellation)
        {
            if (_mine is not null && time.GetElapsedTime(_since) >= Length && turns.IsWanted())
            {
                End();
            }

            if (_mine is not null)
            {
                return;
            }

            _mine = turns.Take();
            while (!_mine.Wait(Patience, cancellation))
            {
                waits();
            }

            _since = time.GetTimestamp();
        }

        /// <summary>Lets the others have it, until the next slot.</summary>
        public void End()
        {
            _mine?.ContinueWith(
                _ => turns.Give(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            _mine = null;
        }

        public void Dispose() => End();
    }
}
