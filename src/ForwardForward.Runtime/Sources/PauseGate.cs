namespace ForwardForward.Runtime.Sources;

/// <summary>What a halt closes: a thread that comes to it while it is closed waits there.</summary>
internal sealed class PauseGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _closed;

    public bool IsClosed => Closed() is not null;

    public void Open()
    {
        lock (_lock)
        {
            _closed?.TrySetResult();
            _closed = null;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public void Pass(CancellationToken cancellation)
    {
        while (Closed() is { } closed)
        {
            closed.Wait(cancellation);
        }
    }

    private Task? Closed()
    {
        lock (_lock)
        {
            return _closed?.Task;
        }
    }
}
