using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Experiments;

/// <summary>How one run stands and what was measured in it, and those who wait for news of it.</summary>
internal sealed class RunJournal(TimeProvider time)
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(1);
    private readonly RunClock _clock = new(time);
    private readonly List<RunEvent> _events = [];
    private TaskCompletionSource _changed = NewSignal();
    private RunStatus? _status;

    /// <summary>Null before a run was started under this name.</summary>
    public RunStatus? Status => _status is null || _status.IsOver ? _status : _status with { Seconds = _clock.Seconds };

    public IReadOnlyList<RunEvent> Events => _events;

    public bool Works => _status is { IsOver: false };

    /// <summary>Takes up what an earlier coordinator left.</summary>
    public void Restore(RunStatus status, IReadOnlyList<RunEvent> events)
    {
        _status = status;
        _events.AddRange(events);
        _clock.Set(status.Seconds);
    }

    /// <summary>Forgets what was measured after a slot, because it is measured again; null: everything.</summary>
    public void GoBackTo(long? slot)
    {
        _events.RemoveAll(measured => (measured.Layer?.Slot ?? measured.Evaluation?.Slot) > (slot ?? -1));
        _status = _status! with { Slot = slot + 1 ?? 0, LastEvaluation = _events.FindLast(measured => measured.Evaluation is not null)?.Evaluation };
    }

    public void Change(RunStatus status)
    {
        _status = status with { Seconds = Math.Max(status.Seconds, _clock.Seconds) };
        if (status.State is RunState.Running or RunState.Recovering)
        {
            _clock.Start();
        }
        else
        {
            _clock.Stop();
        }

        Signal();
    }

    public void Add(LayerMeasurement? layer, int? inboxDepth, Evaluation? evaluation)
    {
        _events.Add(new RunEvent(_events.Count, _clock.Seconds, layer, inboxDepth, evaluation));
        Signal();
    }

    public void Clear()
    {
        _status = null;
        _events.Clear();
        Signal();
    }

    /// <summary>Completes at the next change, or after a second without.</summary>
    public Task Wait() => _changed.Task.WaitAsync(LongestWatch, time);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
