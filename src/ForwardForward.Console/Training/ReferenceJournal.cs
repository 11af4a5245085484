using System.Diagnostics;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Training;

/// <summary>
/// Keeps what the sequential trainer reports, in the form that the coordinator of a run on grains answers with. Thread-safe.
/// </summary>
/// <param name="lessons">Pictures that the run is taught.</param>
internal sealed class ReferenceJournal(string run, ExperimentSpec spec, SlotPlan plan, int lessons)
{
    private readonly Lock _lock = new();
    private readonly List<RunEvent> _events = [];
    private readonly ActiveRows _pulling = new();
    private RunStatus _status = new()
    {
        Run = run,
        State = RunState.Running,
        Spec = spec,
        Slots = plan.SlotCount,
        Lessons = lessons,
        Fingerprint = KernelFingerprint.OfRun(spec, KernelFingerprint.Of(spec.Precision)),
        Kernels = KernelFingerprint.Recorded(spec) is { } precision ? Kernels(spec, precision) : [],
    };

    private readonly Stopwatch _watch = Stopwatch.StartNew(); // last: the fingerprint takes time of its own

    public Task<RunUpdate> Watch(long nextSequence)
    {
        lock (_lock)
        {
            return Task.FromResult(
                new RunUpdate(_status with { Seconds = _watch.Elapsed.TotalSeconds }, [.. _events.Skip((int)nextSequence)])
            );
        }
    }

    public void Progressed(long slot) => Change(status => status with { Slot = slot + 1, Epoch = plan[slot].Epoch + 1 });

    public void Measured(LayerMeasurement measurement)
    {
        Record(measurement, null);
        _pulling.Add(measurement);
        Change(status => status with { Pulling = _pulling.Means });
    }

    public void Traced(StateTrace trace) => Record(null, null, trace);

    public void Streamed(Prequential streamed)
    {
        Record(null, null, null, streamed);
        Change(status => status with { Prequential = streamed });
    }

    public void Evaluated(Evaluation evaluation)
    {
        Record(null, evaluation);
        Change(status => status with { LastEvaluation = evaluation });
    }

    /// <summary>The time after this is not the training's.</summary>
    public void Stop() => _watch.Stop();

    /// <summary>How the run stands, and all that was measured.</summary>
    public (RunStatus Status, IReadOnlyList<RunEvent> Events) Now()
    {
        lock (_lock)
        {
            return (_status, [.. _events]);
        }
    }

    /// <summary>A checkpoint could not be written.</summary>
    public void Missed(string reason) =>
        Change(status => status with { MissedCheckpoints = status.MissedCheckpoints + 1, WithoutNet = reason });

    public void Saved(long slot) => Change(status => status with { LastCheckpointSlot = slot });

    /// <param name="streamed">Examples of the stream that it learned from.</param>
    public void Done(string stateHash, long? streamed = null) =>
        End(status => Whole(status) with { State = RunState.Done, StateHash = stateHash, Streamed = streamed });

    public void Failed(string reason) => End(status => status with { State = RunState.Failed, Error = reason });

    // The slot that ends a run before its plan does is one that stages handle.
    private RunStatus Whole(RunStatus status) =>
        plan.IsCutShort ? status with { Slots = plan.SlotCount }
        : status.Slot < status.Slots ? status with { Slot = status.Slot + 1, Slots = status.Slot + 1 }
        : status;

    private void Record(LayerMeasurement? layer, Evaluation? evaluation, StateTrace? trace = null, Prequential? streamed = null)
    {
        lock (_lock)
        {
            _events.Add(new RunEvent(_events.Count, _watch.Elapsed.TotalSeconds, layer, null, evaluation, trace, streamed));
        }
    }

    private void End(Func<RunStatus, RunStatus> change)
    {
        _watch.Stop();
        Change(change);
    }

    private void Change(Func<RunStatus, RunStatus> change)
    {
        lock (_lock)
        {
            _status = change(_status);
        }
    }

    private static StageKernels[] Kernels(ExperimentSpec spec, Precision precision)
    {
        string[] here = [KernelFingerprint.Of(precision)];
        return
        [
            .. StageTopology.Of(spec).Parts.Select(part => new StageKernels($"layer {part.Name}", here)),
            new StageKernels("readout", here),
        ];
    }
}
