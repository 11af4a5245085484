using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ForwardForward.Runtime.Experiments;

/// <summary>Where the coordinator of one run lives: gives it turns, a clock, and news of the cluster.</summary>
/// <remarks>
/// It stays in memory for a day after its run is over, so that storage which loses its keys does not take the records of today's runs with
/// it.
/// </remarks>
[PreferLocalPlacement, CollectionAgeLimit(Days = 1)]
internal sealed partial class ExperimentGrain : Grain, IExperimentGrain, IExperimentReports, IDisposable
{
    private const int MaxBytesRead = 1 << 20; // for one answer
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _gone = new();
    private readonly IPersistentState<RunRecord> _record;
    private readonly ClusterView _cluster;
    private readonly LocalRuns _local;
    private readonly RunJournal _journal;
    private readonly RunStore _store;
    private readonly RunCoordinator _coordinator;
    private readonly RunGauges _gauges;
    private readonly RunPredictions _predictions;
    private readonly MessageLimit _limit;
    private readonly ICheckpoints _checkpoints;
    private readonly string _silo;
    private readonly SiloProfile _profile;
    private IGrainTimer? _ticks;

    public ExperimentGrain(
        [PersistentState("run", RunRecord.Storage)] IPersistentState<RunRecord> record,
        ClusterView cluster,
        LocalRuns local,
        CheckpointStore checkpoints,
        ILocalSiloDetails silo,
        TimeProvider time,
        MessageLimit limit,
        SiloProfile profile,
        IEnumerable<ILessonFile> lessonFile,
        ILogger<ExperimentGrain> logger
    )
    {
        (_record, _cluster, _local, _limit, _silo, _profile) = (record, cluster, local, limit, silo.Name, profile);
        _journal = new RunJournal(time);
        var log = RunLogger.Of(logger, Run, silo.Name, () => _journal.Status?.Generation);
        _store = new RunStore(
            Run,
            record,
            _journal,
            GrainFactory.GetGrain<IRunIndexGrain>(IRunIndexGrain.Key),
            new RunWriter($"{silo.Name} ({silo.SiloAddress.Endpoint})", profile.Contract, profile.Version),
            log
        );
        _gauges = new RunGauges(
            Run,
            silo.Name,
            () => _journal.Status,
            status =>
                status.Lessons == 0 ? null
                : _journal.Lessons.OldestWaiting(status.Slot) is { } since ? (time.GetUtcNow() - since).TotalSeconds
                : 0
        );
        _checkpoints = checkpoints.Of(Run);
        _predictions = new RunPredictions(GrainFactory.GetGrain<ISourceGrain>(Run), _checkpoints);
        _coordinator = new RunCoordinator(
            Run,
            _journal,
            new RunStages(GrainFactory, cluster, silo.SiloAddress, profile.Contract, Run, time),
            new RunCheckpoints(checkpoints.Of(Run)),
            _store,
            time,
            log,
            lessonFile.SingleOrDefault()
        );
    }

    private string Run => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_record.State.Status is not null && RunContract.IsUnderstood(_record.State, _profile))
        {
            _coordinator.TakeUp(_record.State);
            Attend();
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        _gauges.Dispose();
        return _store.Flush();
    }

    public async Task<RunStatus> Start(RunRequest request)
    {
        RequireUnderstood();
        RunContract.Require(request, _silo, _profile);
        Attend();
        try
        {
            return await _coordinator.Start(request);
        }
        catch (MissingPluginException) when (PluginSet.Missing(request.Spec.Plugins, PluginSet.Identities) is { } missing)
        {
            throw new InvalidInputException($"{missing} on the silo {_silo}; expected it in {PluginSet.Variable} of every silo.");
        }
    }

    public Task<RunStatus> Status() => Task.FromResult(Current());

    public async Task<RunUpdate> Watch(long nextSequence)
    {
        var status = Current();
        if ((nextSequence >= _journal.Events.Count || status.State == RunState.Recovering) && !status.IsOver)
        {
            await _journal.Wait().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return _journal.News(Current(), nextSequence, _limit.Piece);
    }

    public Task<RunStatus> Pause() => Understood.Pause();

    public Task<RunStatus> Resume() => Understood.Resume();

    public Task Leave(SiloAddress silo) => Understood.Leave(silo);

    public Task WriteAgain()
    {
        if (_journal.Status is not null)
        {
            return _store.WriteAgain(isOver: !_journal.Works);
        }

        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<PredictionResult> Predict(byte[] pixels) => _predictions.Of(Current(), pixels);

    public Task<PredictionResult> PredictLayers(byte[] pixels) => _predictions.Of(Current(), pixels, tries: true);

    public async Task<CheckpointManifest> NewestCheckpoint()
    {
        var status = Current();
        var search = await _checkpoints.Latest(SpecReader.Write(status.Spec), status.Fingerprint);
        return search.Latest is { } newest
            ? newest with
            {
                Journal = CheckpointManifest.EmptyJournal,
                Lessons = null,
            }
            : throw new InvalidInputException(
                search.WhyNone is { } why
                    ? $"The run '{Run}' has no checkpoint that can be used: {why}"
                    : $"The run '{Run}' has no checkpoint: it takes them every checkpoint.everySlots slots (0: never) and at its end."
            );
    }

    public Task<byte[]> ReadCheckpoint(CheckpointId id, CheckpointFile file, long offset, int bytes)
    {
        Current();
        return _checkpoints.ReadPiece(id, file, Math.Max(0, offset), Math.Clamp(bytes, 0, MaxBytesRead));
    }

    public Task Cancel() => Understood.Cancel();

    public Task Told(int generation, IReadOnlyList<StageReport> reports) => Heard(() => _coordinator.Told(generation, reports));

    public Task Ended(int generation, int stage, byte[] digest) => Heard(() => _coordinator.Ended(generation, stage, digest));

    public async Task<bool?> Begins(int generation, int epoch)
    {
        bool? begins = null;
        await Heard(() => begins = _coordinator.Begins(generation, epoch));
        return begins;
    }

    public Task Halts(int generation, long slot) => Heard(() => _coordinator.Halts(generation, slot));

    public Task Failed(int generation, string stage, string message, bool isLoss, CertainFailure? certain) =>
        Heard(() => _coordinator.Failed(generation, stage, message, isLoss, certain));

    public void Dispose()
    {
        _gauges.Dispose();
        _gone.Dispose();
    }

    private RunCoordinator Understood
    {
        get
        {
            RequireUnderstood();
            return _coordinator;
        }
    }

    private void RequireUnderstood()
    {
        if (!RunContract.IsUnderstood(_record.State, _profile))
        {
            DeactivateOnIdle(); // the next call may find a silo that understands it
            RunContract.Require(_record.State, Run, _silo, _profile);
        }
    }

    // Somebody who asks for names at random leaves nothing behind.
    private RunStatus Current()
    {
        RequireUnderstood();
        if (_journal.Status is null)
        {
            DeactivateOnIdle();
        }

        return _coordinator.Current();
    }

    private static Task Heard(Action report)
    {
        report();
        return Task.CompletedTask;
    }

    private void Attend()
    {
        if (_ticks is null)
        {
            _ticks = this.RegisterGrainTimer(
                Tick,
                new GrainTimerCreationOptions(TickPeriod, TickPeriod) { Interleave = true, KeepAlive = true }
            );
            _local.Add(Run);
            _ = Follow();
        }
    }

    private void Leave()
    {
        _gone.Cancel();
        _ticks?.Dispose();
        _local.Remove(Run);
    }

    private async Task Follow()
    {
        await foreach (var _ in _cluster.Changes(_gone.Token))
        {
            _coordinator.SilosChanged();
        }
    }

    private async Task Tick(CancellationToken cancellation)
    {
        try
        {
            await _coordinator.Tick();
            if (_coordinator.IsIdle)
            {
                await _store.Retire();
                Leave();
            }
        }
        catch (RunTakenOverException)
        {
            Leave();
            DeactivateOnIdle(); // its generation decides
        }
    }
}
