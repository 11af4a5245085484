using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Slots;
using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>What all stages of a run have in common as grains: identity, an inbox, a worker. No turn touches a tensor.</summary>
internal abstract partial class StageGrain(ILocalSiloDetails silo, LocalRuns local, CheckpointStore checkpoints, TimeProvider time, ILogger logger) : Grain, ISlotReceiver
{
    private readonly ILogger _logger = logger;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private string? _run;
    private bool _isClosing;
    private int _generation = -1;
    private int _newest;
    private IStage? _stage;
    private StageWorker? _worker;

    public async Task<bool> Open(StageAssignment assignment, SiloAddress place)
    {
        if (!IsHere(place))
        {
            return false;
        }

        if (assignment.Generation < _newest)
        {
            throw new StageLostException($"The {StageName} works for generation {_newest} already.");
        }

        _newest = assignment.Generation;
        await Stop();
        var stopping = new CancellationTokenSource();
        var reports = GrainFactory.GetGrain<IExperimentReports>(assignment.Run);
        void Failed(Exception e) => _ = ReportFailure(reports, assignment.Generation, e);
        local.Add(assignment.Run);
        _run = assignment.Run;
        _stage = CreateStage(new StageContext(assignment, GrainFactory, checkpoints, time, Failed, stopping.Token));
        _worker = new StageWorker($"ff {StageName}", _stage, Failed, stopping);
        _generation = assignment.Generation; // before the worker's first slot can come back as an answer from above
        try
        {
            await _worker.Ready;
            return true;
        }
        catch
        {
            await Stop();
            throw;
        }
    }

    public ValueTask<PushAnswer> Push(SlotMessage message)
    {
        var answer = IsOpenFor(message.Generation) ? _stage!.Inbox.Offer(message.Lane, message.Slot) : WrongGeneration;
        if (answer.Outcome != PushOutcome.Accepted && message.WasCopied)
        {
            message.Slot.Rows?.Dispose(); // the sender has its own
        }

        return ValueTask.FromResult(answer);
    }

    public ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot) =>
        IsOpenFor(generation) ? _stage!.Inbox.WaitForRoom(lane, slot) : ValueTask.FromResult(WrongGeneration);

    public async Task Close(int generation)
    {
        if (generation < _newest)
        {
            return; // from a coordinator that is none any more
        }

        _isClosing = true;
        await Stop();
        DeactivateOnIdle(); // with it go the data and everything else that the run held
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Stop();

    /// <summary>For threads and for people: "layer 2", "readout".</summary>
    protected abstract string StageName { get; }

    // Calls on their way to where a stage was make it anew there, whatever the plan says: such a one moves to the silo that the call names.
    protected bool IsHere(SiloAddress place)
    {
        if (!_isClosing && !place.Equals(silo.SiloAddress))
        {
            _isClosing = true;
            MigrateOnIdle();
        }

        return !_isClosing;
    }

    protected bool IsOpenFor(int generation) => generation == _generation;

    /// <summary>The silo that it is on.</summary>
    protected ILocalSiloDetails Silo => silo;

    protected abstract IStage CreateStage(StageContext context);

    private static PushAnswer WrongGeneration => new(PushOutcome.WrongGeneration, 0, 0);

    private async Task Stop()
    {
        _generation = -1;
        if (_run is not null)
        {
            local.Remove(_run);
            _run = null;
        }

        if (_worker is { } worker)
        {
            _worker = null;
            if (!await worker.Stop(LongestStop))
            {
                LogStuck(StageName, LongestStop.TotalSeconds);
            }
        }
    }

    private async Task ReportFailure(IExperimentReports reports, int generation, Exception e)
    {
        try
        {
            await reports.Failed(generation, StageName, e.Message, isLoss: e is OrleansException or TimeoutException or StageLostException);
        }
        catch (Exception unreachable)
        {
            LogUnreported(StageName, e.Message, unreachable); // all that is left is the log
        }
    }

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "The worker of the {Stage} does not end within {Seconds} s; it is left behind and speaks for nobody any more")]
    private partial void LogStuck(string stage, double seconds);

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "The {Stage} failed ({Failure}) and its coordinator cannot be reached")]
    private partial void LogUnreported(string stage, string failure, Exception unreachable);
}
