namespace ForwardForward.Runtime.Pipeline;

/// <summary>The dedicated thread of one stage. Tensors are touched here and nowhere else.</summary>
internal sealed class StageWorker : IStageWorker
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IStage _stage;
    private readonly Action<Exception> _failed;
    private readonly Action _stuck;

    /// <param name="name">Of the thread.</param>
    /// <param name="stage">Disposed when the thread ends.</param>
    /// <param name="failed">Called on the worker's thread if the stage throws.</param>
    /// <param name="stuck">Called if the thread does not end when it is stopped.</param>
    /// <param name="stopping">Cancelled by <see cref="Stop"/>.</param>
    public StageWorker(string name, IStage stage, Action<Exception> failed, Action stuck, CancellationTokenSource stopping)
    {
        _stage = stage;
        _failed = failed;
        _stuck = stuck;
        _stopping = stopping;
        // with nothing of the call that opened the stage: its placement hint is for that stage alone
        new Thread(Work) { Name = name, IsBackground = true }.UnsafeStart();
    }

    public Inbox Inbox => _stage.Inbox;

    public Task Ready => _ready.Task;

    public async Task Stop()
    {
        await _stopping.CancelAsync();
        _stage.Inbox.Close();
        await _ended
            .Task.WaitAsync(StopTimeout)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!_ended.Task.IsCompleted)
        {
            _stuck(); // a thread cannot be ended from outside; nothing it sends is heard any more
        }
    }

    private void Work()
    {
        try
        {
            _stage.Prepare();
            _ready.SetResult();
            _stage.Run(_stopping.Token);
        }
        catch (Exception e) when (!_ready.TrySetException(e))
        {
            if (!_stopping.IsCancellationRequested)
            {
                _failed(e);
            }
        }
        catch (Exception)
        {
            // Whoever awaits Ready has it.
        }
        finally
        {
            _stage.Dispose();
            _ended.SetResult();
        }
    }
}
