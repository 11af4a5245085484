using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The coordinator of one run: opens the data, places the stages, collects what they report, answers clients.</summary>
[KeepAlive, PreferLocalPlacement]
internal sealed partial class ExperimentGrain(IClusterMembershipService membership, TimeProvider time, ILogger<ExperimentGrain> logger)
    : Grain, IExperimentGrain, IExperimentReports
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(1);
    private readonly ILogger _logger = logger;
    private readonly List<RunEvent> _events = [];
    private readonly SortedDictionary<int, byte[]> _digests = [];
    private TaskCompletionSource _changed = NewSignal();
    private RunStatus? _status;
    private SlotPlan? _plan;
    private Task _closed = Task.CompletedTask;
    private long _startedAt, _endedAt;

    public async Task<RunStatus> Start(ExperimentSpec spec)
    {
        var run = this.GetPrimaryKeyString();
        if (_status is not null)
        {
            throw new InvalidInputException($"There is a run named '{run}' already; choose another name.");
        }

        SpecReader.Validate(spec, run);
        _status = new RunStatus { Run = run, State = RunState.Queued, Spec = spec };
        try
        {
            await Open(run, spec);
            return Current();
        }
        catch (Exception e)
        {
            if (!_status.IsOver)
            {
                End(_status with { State = RunState.Failed, Error = e.Message });
            }

            await _closed;
            throw;
        }
    }

    public Task<RunStatus> Status() => Task.FromResult(Current());

    public async Task<RunUpdate> Watch(long nextSequence)
    {
        if (nextSequence >= _events.Count && !Current().IsOver)
        {
            await _changed.Task.WaitAsync(LongestWatch, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return new RunUpdate(Current(), [.. _events.Skip((int)Math.Min(nextSequence, _events.Count))]);
    }

    public async Task Cancel()
    {
        if (_status is { IsOver: false })
        {
            End(_status with { State = RunState.Failed, Error = "The run was cancelled." });
        }

        await _closed;
    }

    public Task Measured(int generation, LayerMeasurement measurement, int inboxDepth) =>
        Record(generation, (sequence, seconds) => new RunEvent(sequence, seconds, measurement, inboxDepth, null));

    public Task Evaluated(int generation, Evaluation evaluation)
    {
        if (IsCurrent(generation))
        {
            _status = _status! with { LastEvaluation = evaluation };
        }

        return Record(generation, (sequence, seconds) => new RunEvent(sequence, seconds, null, null, evaluation));
    }

    public Task Progressed(int generation, long slot)
    {
        if (IsCurrent(generation))
        {
            _status = _status! with { Slot = slot + 1, Epoch = _plan![slot].Epoch + 1 };
            Signal();
        }

        return Task.CompletedTask;
    }

    public Task Ended(int generation, int stage, byte[] digest)
    {
        if (!IsCurrent(generation))
        {
            return Task.CompletedTask;
        }

        _digests[stage] = digest;
        if (_digests.Count == _status!.Spec.Layers.Count + 1)
        {
            End(_status with { State = RunState.Done, StateHash = StateHash.OfRun(_digests.Values) });
        }

        return Task.CompletedTask;
    }

    public Task Failed(int generation, string stage, string message)
    {
        if (IsCurrent(generation))
        {
            End(_status! with { State = RunState.Failed, Error = $"The {stage} failed: {message}" });
        }

        return Task.CompletedTask;
    }

    private async Task Open(string run, ExperimentSpec spec)
    {
        var silos = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress).Order().ToList();
        var source = GrainFactory.GetGrain<ISourceGrain>(run);
        var data = await On(silos[0], () => source.OpenData(spec));
        spec = spec with { Precision = await Task.Run(() => MatrixRate.Resolve(spec, data.Pixels)) };
        _plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
        var fingerprint = await Task.Run(() => KernelFingerprint.Of(spec.Precision));
        var placement = PlacementPlan.Compute(Costs(spec, data), silos.Count);
        LogPlaced(run, placement.Reason);
        var assignment = new StageAssignment(run, 0, spec, data);
        var layers = placement.SiloOfLayer.Select((silo, i) => On(silos[silo], () => GrainFactory.GetGrain<ILayerGrain>(StageKeys.Layer(run, i)).Open(assignment)));
        var readout = On(silos[placement.SiloOfLayer[^1]], () => GrainFactory.GetGrain<IReadoutGrain>(run).Open(assignment));
        var places = await Task.WhenAll(layers);
        await readout;
        if (_status!.IsOver)
        {
            throw new OperationCanceledException("The run was cancelled before its first slot.");
        }

        _startedAt = time.GetTimestamp();
        _status = _status with
        {
            State = RunState.Running,
            Spec = spec,
            Slots = _plan.SlotCount,
            Plan = [.. places.Select((silo, i) => new LayerPlace(i + 1, silo))],
            Fingerprint = fingerprint,
            Data = data,
        };
        await source.Open(assignment);
    }

    // Multiplications of a row: what a layer's time goes into.
    private static List<double> Costs(ExperimentSpec spec, DataShape data) =>
        [.. spec.Layers.Select((units, i) => (double)units * (i == 0 ? data.Pixels : spec.Layers[i - 1]))];

    private static Task<T> On<T>(SiloAddress silo, Func<Task<T>> firstCall)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return firstCall();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    private bool IsCurrent(int generation) => _status is { IsOver: false } && _status.Generation == generation;

    private Task Record(int generation, Func<long, double, RunEvent> measured)
    {
        if (IsCurrent(generation))
        {
            _events.Add(measured(_events.Count, Seconds));
            Signal();
        }

        return Task.CompletedTask;
    }

    private void End(RunStatus final)
    {
        _endedAt = time.GetTimestamp();
        _status = final;
        LogEnded(final.Run, final.State, final.StateHash ?? final.Error ?? "");
        Signal();
        _closed = CloseStages(final.Run, final.Spec.Layers.Count); // not awaited: the worker that reported waits for our answer
    }

    private Task CloseStages(string run, int layers) => Task.WhenAll(
        [GrainFactory.GetGrain<ISourceGrain>(run).Close(), GrainFactory.GetGrain<IReadoutGrain>(run).Close(),
        .. Enumerable.Range(0, layers).Select(i => GrainFactory.GetGrain<ILayerGrain>(StageKeys.Layer(run, i)).Close())]);

    private RunStatus Current() => _status is null
        ? throw new InvalidInputException($"There is no run named '{this.GetPrimaryKeyString()}'.")
        : _status with { Seconds = Seconds };

    private double Seconds => _startedAt == 0 ? 0 : time.GetElapsedTime(_startedAt, _endedAt == 0 ? time.GetTimestamp() : _endedAt).TotalSeconds;

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Run {Run} is placed: {Reason}")]
    private partial void LogPlaced(string run, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Run {Run} ended, {State}: {Outcome}")]
    private partial void LogEnded(string run, RunState state, string outcome);
}
