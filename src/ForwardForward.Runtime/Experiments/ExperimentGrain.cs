using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Experiments;

/// <summary>The coordinator of one run: opens the data, places the stages, collects what they report, answers clients.</summary>
[PreferLocalPlacement]
internal sealed partial class ExperimentGrain : Grain, IExperimentGrain, IExperimentReports, IRemindable
{
    private const string Watchdog = "watchdog";
    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromMinutes(1); // Orleans' shortest
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private readonly SortedDictionary<int, byte[]> _digests = [];
    private readonly ClusterView _cluster;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunJournal _journal;
    private readonly RunStore _store;
    private readonly RunStages _stages;
    private readonly RunCheckpoints _checkpoints;
    private readonly IPersistentState<RunRecord> _record;
    private SlotPlan? _plan;
    private IReadOnlyList<SiloMember> _places = [];
    private Task _closed = Task.CompletedTask;
    private Task _commits = Task.CompletedTask;
    private IGrainTimer? _ticks;

    public ExperimentGrain([PersistentState("run", RunRecord.Storage)] IPersistentState<RunRecord> record, ClusterView cluster, CheckpointStore checkpoints, ILocalSiloDetails silo, TimeProvider time, ILogger<ExperimentGrain> logger)
    {
        (_record, _cluster, _time, _logger) = (record, cluster, time, logger);
        _journal = new RunJournal(time);
        _store = new RunStore(record, _journal, $"{silo.Name} ({silo.SiloAddress.Endpoint})", logger);
        _stages = new RunStages(GrainFactory, Run);
        _checkpoints = new RunCheckpoints(checkpoints.Of(Run));
    }

    private string Run => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_record.State.Status is { } stored)
        {
            _journal.Restore(stored, _record.State.Events);
            if (!stored.IsOver)
            {
                _stages.TakeOver(stored.Spec.Layers.Count);
                StartTicking();
                Lose($"The run's coordinator on the silo {_record.State.OwnerSilo} is gone.");
            }
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _store.Flush();

    public async Task<RunStatus> Start(RunRequest request)
    {
        if (_journal.Status is not null)
        {
            throw RunExistsException.Named(Run);
        }

        SpecReader.Validate(request.Spec, Run);
        _journal.Change(new RunStatus { Run = Run, State = RunState.Queued, Spec = request.Spec, Preset = request.Preset, StartedAt = _time.GetUtcNow() });
        try
        {
            await _store.Claim();
            await GrainFactory.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Add(Run);
            StartTicking();
            await Prepare(request.Spec);
            await Open(null);
            return Current();
        }
        catch (Exception)
        {
            await Withdraw();
            throw;
        }
    }

    public Task<RunStatus> Status() => Task.FromResult(Current());

    public async Task<RunUpdate> Watch(long nextSequence)
    {
        if (nextSequence >= _journal.Events.Count && !Current().IsOver)
        {
            await _journal.Wait().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return new RunUpdate(Current(), [.. _journal.Events.Skip((int)Math.Min(nextSequence, _journal.Events.Count))]);
    }

    public Task<RunStatus> Pause() => Move(RunState.Running, RunState.Paused, source => source.Pause(Current().Generation));

    public Task<RunStatus> Resume() => Move(RunState.Paused, RunState.Running, source => source.Resume(Current().Generation));

    public async Task Cancel()
    {
        if (_journal.Works)
        {
            End(Current() with { State = RunState.Failed, Error = "The run was cancelled." });
        }

        await _closed;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _journal.Works ? Task.CompletedTask : StopWatchdog();

    // What the run is, once and for all: its precision, its slots, its kernels.
    private async Task Prepare(ExperimentSpec spec)
    {
        var silos = await _cluster.Silos();
        var data = await _stages.OpenData(silos[0].Address, spec);
        spec = spec with { Precision = await Task.Run(() => MatrixRate.Resolve(spec, data.Pixels)) };
        var fingerprint = await Task.Run(() => KernelFingerprint.Of(spec.Precision));
        var plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
        _journal.Change(_journal.Status! with { Spec = spec, Data = data, Slots = plan.SlotCount, Fingerprint = fingerprint });
        await this.RegisterOrUpdateReminder(Watchdog, WatchdogPeriod, WatchdogPeriod);
    }

    // Where it runs, in each generation anew.
    private async Task Open(CheckpointManifest? from)
    {
        var status = Current();
        var (spec, data, generation) = (status.Spec, status.Data!, status.Generation);
        var silos = await _cluster.Silos();
        if (generation > 0)
        {
            await _stages.OpenData(silos[0].Address, spec);
        }

        _plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
        var placement = PlacementPlan.Compute(Costs(spec, data), ClusterView.Offers(silos, spec.Precision));
        LogPlaced(Run, placement.Reason);
        _places = [.. placement.SiloOfLayer.Select(silo => silos[silo])];
        var matrixRate = await ClusterView.MatrixRate(_places, spec, data.Pixels, GrainFactory);
        var assignment = new StageAssignment(Run, generation, spec, data, from);
        await _stages.Open(assignment, [.. _places.Select(silo => silo.Address)]);
        if (!_journal.Works || _journal.Status!.Generation != generation)
        {
            throw new OperationCanceledException("The run was cancelled before its first slot.");
        }

        _digests.Clear();
        _journal.Change(_journal.Status with
        {
            State = RunState.Running,
            Plan = [.. _places.Select((silo, i) => new LayerPlace(i + 1, silo.Name, silo.Endpoint))],
            PlanReason = placement.Reason,
            MatrixRate = matrixRate,
        });
        _store.Mark();
        await _stages.Source.Open(assignment);
    }

    private async Task<RunStatus> Move(RunState from, RunState to, Func<ISourceGrain, Task> tell)
    {
        var status = Current();
        if (status.State == from)
        {
            await tell(_stages.Source);
            _journal.Change(Current() with { State = to });
            _store.Mark();
        }
        else if (status.State != to)
        {
            throw new InvalidInputException($"The run '{Run}' is {status.State.ToString().ToLowerInvariant()}, expected one that is running or paused.");
        }

        return Current();
    }

    // Multiplications of a row: what a layer's time goes into.
    private static List<double> Costs(ExperimentSpec spec, DataShape data) =>
        [.. spec.Layers.Select((units, i) => (double)units * (i == 0 ? data.Pixels : spec.Layers[i - 1]))];

    private void End(RunStatus final)
    {
        _journal.Change(final);
        _store.Mark();
        LogEnded(final.Run, final.State, final.StateHash ?? final.Error ?? "");
        _closed = _stages.Close(); // not awaited: the worker that reported waits for our answer
    }

    // As if the run had never been asked for.
    private async Task Withdraw()
    {
        _ticks?.Dispose();
        await _closed;
        await _stages.Close();
        _journal.Clear();
        try
        {
            await GrainFactory.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key).Remove(Run);
            await _store.Clear();
            await StopWatchdog();
        }
        catch (Exception e)
        {
            LogNotWithdrawn(Run, e.Message); // the storage does not answer: what it keeps is a name in a list
        }
    }

    private RunStatus Current() => _journal.Status ?? throw new InvalidInputException($"There is no run named '{Run}'.");

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Run {Run} is placed: {Reason}")]
    private partial void LogPlaced(string run, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Run {Run} ended, {State}: {Outcome}")]
    private partial void LogEnded(string run, RunState state, string outcome);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Run {Run} did not start, and its record cannot be taken back ({Reason})")]
    private partial void LogNotWithdrawn(string run, string reason);
}
