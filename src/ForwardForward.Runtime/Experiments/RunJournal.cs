using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;

namespace ForwardForward.Runtime.Experiments;

/// <summary>How one run stands and what was measured in it, and those who wait for news of it.</summary>
internal sealed class RunJournal(TimeProvider time)
{
    private static readonly TimeSpan MaxWatch = TimeSpan.FromSeconds(1);
    private readonly RunClock _clock = new(time);
    private readonly List<RunEvent> _events = [];
    private readonly HashSet<(int Subject, long Slot)> _known = [];
    private readonly ActiveRows _pulling = new();
    private TaskCompletionSource _changed = NewSignal();
    private RunStatus? _status;

    /// <summary>Null before a run was started under this name.</summary>
    public RunStatus? Status =>
        _status is null || _status.IsOver ? _status : _status with { Seconds = _clock.Seconds, Pulling = _pulling.Means };

    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>What was taught, which no going back forgets.</summary>
    public RunLessons Lessons { get; } = new();

    public bool Works => _status is { IsOver: false };

    /// <summary>Takes up what an earlier coordinator left.</summary>
    public void Restore(RunStatus status, IReadOnlyList<RunEvent> events)
    {
        _status = status;
        Know(events);
        _clock.Set(status.Seconds);
    }

    /// <summary>Goes back to a checkpoint, or to the beginning: what was measured after it is measured again.</summary>
    public void TakeUp(CheckpointManifest? from)
    {
        Know(JournalText.Read(from?.Journal ?? CheckpointManifest.EmptyJournal));
        if (_events.Count > 0 && _events[^1].Seconds > _clock.Seconds)
        {
            _clock.Set(_events[^1].Seconds); // of a program that has ended
        }

        _status = _status! with
        {
            Slot = from?.Slot + 1 ?? 0,
            LastCheckpointSlot = from?.Slot ?? _status.LastCheckpointSlot,
            Prequential = _events.FindLast(measured => measured.Streamed is not null)?.Streamed,
            LastEvaluation = _events.FindLast(measured => measured.Evaluation is not null)?.Evaluation,
        };
        Signal();
    }

    /// <summary>What was measured up to a slot, and the trace after it where there is one.</summary>
    public IReadOnlyList<RunEvent> Upto(long slot, StateTrace? trace)
    {
        var measured = _events.Where(measured => measured.Slot <= slot);
        return trace is null ? [.. measured] : [.. measured, new RunEvent(0, _clock.Seconds, null, null, null, trace)];
    }

    public void Change(RunStatus status)
    {
        _status = status with { Seconds = Math.Max(status.Seconds, _clock.Seconds), Pulling = _pulling.Means };
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

    public void Add(LayerMeasurement layer, int inboxDepth) => Add(new RunEvent(_events.Count, _clock.Seconds, layer, inboxDepth, null));

    public void Add(Evaluation evaluation) => Add(new RunEvent(_events.Count, _clock.Seconds, null, null, evaluation));

    public void Add(Prequential streamed) => Add(new RunEvent(_events.Count, _clock.Seconds, null, null, null, Streamed: streamed));

    public void Add(StateTrace trace) => Add(new RunEvent(_events.Count, _clock.Seconds, null, null, null, trace));

    public void Clear()
    {
        _status = null;
        Lessons.Clear();
        Know([]);
        Signal();
    }

    /// <summary>
    /// How the run stands, and what was measured from an event on, as much of it as a message may have. While a run recovers that is
    /// nothing: its generation is a new one already, but what was measured is still in the old one's order, and whoever counts on in it
    /// would pass over what comes in another.
    /// </summary>
    public RunUpdate News(RunStatus status, long next, int mostBytes)
    {
        if (status.State == RunState.Recovering)
        {
            return new RunUpdate(status, [], HasMore: false);
        }

        var (first, bytes) = ((int)Math.Min(next, _events.Count), 0L);
        var last = first;
        while (last < _events.Count && ((bytes += _events[last].MaxBytes) <= mostBytes || last == first))
        {
            last++;
        }

        return new RunUpdate(status, [.. _events[first..last]], HasMore: last < _events.Count);
    }

    /// <summary>Completes at the next change, or after a second without.</summary>
    public Task Wait() => _changed.Task.WaitAsync(MaxWatch, time);

    // A report that came twice is known.
    private void Add(RunEvent measured)
    {
        if (_known.Add((measured.Subject, measured.Slot)))
        {
            _events.Add(measured);
            if (measured.Layer is { } layer)
            {
                _pulling.Add(layer);
            }

            Signal();
        }
    }

    private void Know(IReadOnlyList<RunEvent> events)
    {
        _events.Clear();
        _known.Clear();
        _pulling.Clear();
        foreach (var measured in events)
        {
            Add(measured);
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
