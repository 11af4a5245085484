namespace ForwardForward.Runtime.Pipeline;

/// <summary>The dedicated thread of one stage. Tensors are touched here and nowhere else.</summary>
internal sealed class StageWorker
{
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IStage _stage;
    private readonly Action<Exception> _failed;

    /// <param name="name">Of the thread.</param>
    /// <param name="stage">Disposed when the thread ends.</param>
    /// <param name="failed">Called on the worker's thread if the stage throws.</param>
    /// <param name="stopping">Cancelled by <see cref="Stop"/>.</param>
    public StageWorker(string name, IStage stage, Action<Exception> failed, CancellationTokenSource stopping)
    {
        (_stage, _failed, _stopping) = (stage, failed, stopping);
        new Thread(Work) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Completes when the state is made, fails if it cannot be.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends the thread and frees the state.</summary>
    /// <param name="patience">Most time to wait for it.</param>
    /// <returns>Whether it ended; one that hangs cannot be ended, only left behind.</returns>
    public async Task<bool> Stop(TimeSpan patience)
    {
        await _stopping.CancelAsync();
        _stage.Inbox.Close();
        await _ended.Task.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return _ended.Task.IsCompleted;
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
