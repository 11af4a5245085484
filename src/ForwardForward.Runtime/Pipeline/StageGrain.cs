using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Slots;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning;
using ForwardForward.Learning.Plugins;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Streams;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Placement;
using ForwardForward.Runtime.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>What all stages of a run have in common as grains: identity, an inbox, a worker. No turn touches a tensor.</summary>
internal abstract partial class StageGrain(
    ILocalSiloDetails silo,
    LocalRuns local,
    CheckpointStore checkpoints,
    TimeProvider time,
    ILogger logger
) : Grain, ISlotReceiver
{
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(1);
    private ILogger _logger = logger; // of the stage, once it is one
    private readonly GenerationFence _seat = new();
    private string? _run;
    private bool _isClosing;

    public async Task<bool> Open(StageAssignment assignment, SiloAddress place)
    {
        if (!IsHere(assignment.Generation, place))
        {
            return false;
        }

        await _seat.Open(assignment.Generation, () => Start(assignment));
        return true;
    }

    public ValueTask<PushAnswer> Push(SlotMessage message)
    {
        var answer = _seat.Offer(message);
        if (message.WasCopied && (answer.Outcome != PushOutcome.Accepted || message.Piece is not null))
        {
            message.Slot.Release(); // the sender has its own
        }

        return ValueTask.FromResult(answer);
    }

    public ValueTask<PushAnswer> WaitForRoom(int generation, int lane, long slot) => _seat.WaitForRoom(generation, lane, slot);

    public async Task Close(int generation)
    {
        if (await _seat.Close(generation))
        {
            _isClosing = true;
            Leave();
            DeactivateOnIdle(); // with it go the data and everything else that the run held
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Leave();
        return _seat.Stop();
    }

    /// <summary>For threads and for people: "layer 2", "readout".</summary>
    protected abstract string NameIn(ExperimentSpec spec);

    // Calls on their way to where a stage was make it anew there, whatever the plan says: such a one moves to the silo that the call names.
    // A coordinator that was replaced moves nothing.
    protected bool IsHere(int generation, SiloAddress place)
    {
        _seat.Claim(generation);
        if (!_isClosing && !place.Equals(silo.SiloAddress))
        {
            _isClosing = true;
            MigrateOnIdle();
        }

        return !_isClosing;
    }

    protected bool IsOpenFor(int generation) => _seat.IsOpenFor(generation);

    /// <summary>The silo that it is on.</summary>
    protected ILocalSiloDetails Silo => silo;

    protected abstract IStage CreateStage(StageContext context);

    private StageWorker Start(StageAssignment assignment)
    {
        var stopping = new CancellationTokenSource();
        var reports = GrainFactory.GetGrain<IExperimentReports>(assignment.Run);
        var name = NameIn(assignment.Spec);
        var lines = ServiceProvider.GetRequiredService<ReportLines>();
        var line = lines.Of(assignment.Run, assignment.Generation, GrainFactory);
        void Failed(Exception e) => _ = ReportFailure(reports, line.Flush(), assignment.Generation, name, e);
        Leave();
        local.Add(_run = assignment.Run);
        _logger = RunLogger.Of(_logger, assignment.Run, silo.Name, () => assignment.Generation, name);
        LogOpened(assignment.FirstSlot);
        var metrics = new StageMetrics(assignment.Run, name.Split(' ')[^1], silo.Name);
        var stage = CreateStage(
            new StageContext(
                assignment,
                GrainFactory,
                checkpoints,
                line,
                metrics,
                time,
                Failed,
                ServiceProvider.GetRequiredService<MessageLimit>(),
                stopping.Token
            )
        );
        metrics.Watch(() => stage.Inbox.Depth);
        return new StageWorker($"ff {name}", stage, Failed, LogStuck, stopping);
    }

    private void Leave()
    {
        if (_run is not null)
        {
            local.Remove(_run);
            _run = null;
        }
    }

    private async Task ReportFailure(IExperimentReports reports, Task earlier, int generation, string name, Exception e)
    {
        if (!Foreseen.Is(e))
        {
            LogBug(e); // the coordinator hears what it says, and nobody else where it is
        }

        // what was told before it failed is to be heard before that; where that fails it is no matter
        await earlier
            .WaitAsync(ReportTimeout)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await reports.Failed(
                generation,
                name,
                Sentence(e, name),
                isLoss: e is OrleansException or TimeoutException or StageLostException,
                Certain(e)
            );
        }
        catch (StageLostException)
        {
            // The run goes on without this generation.
        }
        catch (Exception unreachable)
        {
            LogUnreported(e.Message, unreachable.Message); // all that is left is the log
        }
    }

    private string Sentence(Exception e, string name) =>
        e is PluginFailedException ? $"{e.Message.TrimEnd('.')}, in the {name} on {silo.Name}." : e.Message;

    private static CertainFailure? Certain(Exception e) =>
        e switch
        {
            DivergedException { Slot: { } slot } diverged => new CertainFailure(slot, diverged.IsEcho),
            StreamTooShortException => new CertainFailure(0),
            PluginFailedException failed => new CertainFailure(failed.Slot, IsEcho: false),
            _ => null,
        };

    [LoggerMessage(
        EventId = 12,
        Level = LogLevel.Error,
        Message = "its worker does not end; it is left behind and speaks for nobody any more"
    )]
    private partial void LogStuck();

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "failed ({Failure}), and its coordinator cannot be reached: {Reason}")]
    private partial void LogUnreported(string failure, string reason);

    [LoggerMessage(EventId = 17, Level = LogLevel.Error, Message = "failed in a way that nobody foresaw")]
    private partial void LogBug(Exception bug);

    [LoggerMessage(EventId = 18, Level = LogLevel.Debug, Message = "is open here from slot {Slot} on")]
    private partial void LogOpened(long slot);
}
