namespace ForwardForward.Runtime.Experiments;

/// <summary>
/// Asynchronous work that must not overlap, one piece after the other in the order it came. For the turns of one grain, which are never at
/// the same time.
/// </summary>
internal sealed class FifoAsyncLock
{
    private Task _last = Task.CompletedTask;

    public async Task<T> Pass<T>(Func<Task<T>> work)
    {
        var before = _last;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = done.Task;
        await before;
        try
        {
            return await work();
        }
        finally
        {
            done.SetResult();
        }
    }
}
