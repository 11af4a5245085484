using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ForwardForward.Learning.Tensors;

/// <summary>
/// Shares independent pieces of one step among threads. The pieces have fixed bounds and no piece reads what another writes, so the number
/// of threads changes the time a step takes and never a bit of its result.
/// </summary>
/// <remarks>
/// A step has some twenty such places, some of them microseconds long, and a processor that sleeps takes fifty to wake: so the threads are
/// its own, and look out for the next place for a while before they sleep. The thread pool's do not.
/// </remarks>
/// <param name="count">Of threads, that of the caller included.</param>
internal sealed class WorkerPool(int count) : IDisposable
{
    private const int LookOut = 30; // pauses of the processor between two looks at the clock
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(200);
    private readonly Lock _one = new();
    private readonly object _gate = new();
    private bool _areStarted;
    private bool _isOver;
    private int _round;
    private int _atWork;
    private Action<int> _piece = _ => { };
    private int _pieces;
    private int _next;
    private ExceptionDispatchInfo? _failure;

    /// <summary>One thread: the caller's.</summary>
    public static WorkerPool One { get; } = new(1);

    public int Count { get; } = count;

    /// <summary>Whether they look out for the next place before they sleep; not good where there are more of them than cores.</summary>
    public bool SpinsBeforeSleep { get; init; } = true;

    /// <summary>Does every piece once, and returns when all are done; pieces that are left after one has failed are not.</summary>
    public void For(int pieces, Action<int> piece)
    {
        if (Count == 1 || pieces == 1)
        {
            for (var i = 0; i < pieces; i++)
            {
                piece(i);
            }

            return;
        }

        lock (_one)
        {
            Begin(pieces, piece);
            Work();
            var wait = default(SpinWait);
            while (Volatile.Read(ref _atWork) > 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            Interlocked.Exchange(ref _failure, null)?.Throw();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Begin(int pieces, Action<int> piece)
    {
        _piece = piece;
        _pieces = pieces;
        _next = -1;
        _atWork = Count - 1;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            Volatile.Write(ref _round, _round + 1); // after what it is about
            Monitor.PulseAll(_gate);
        }

        if (!_areStarted)
        {
            _areStarted = true;
            for (var i = 1; i < Count; i++)
            {
                new Thread(Help) { Name = $"ff step {i}", IsBackground = true }.UnsafeStart(0);
            }
        }
    }

    private void Help(object? start)
    {
        for (var round = (int)start!; Await(round); round++)
        {
            Work();
            Interlocked.Decrement(ref _atWork);
        }
    }

    // Until the round after this one begins; false: there is none any more.
    private bool Await(int round)
    {
        for (var since = Stopwatch.GetTimestamp(); SpinsBeforeSleep && Stopwatch.GetElapsedTime(since) < Patience; )
        {
            if (Volatile.Read(ref _round) != round)
            {
                return true;
            }

            Thread.SpinWait(LookOut);
        }

        lock (_gate)
        {
            while (_round == round && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            return _round != round;
        }
    }

    private void Work()
    {
        try
        {
            for (int i; (i = Interlocked.Increment(ref _next)) < _pieces; )
            {
                _piece(i);
            }
        }
        catch (Exception e)
        {
            Volatile.Write(ref _next, _pieces);
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }
}
