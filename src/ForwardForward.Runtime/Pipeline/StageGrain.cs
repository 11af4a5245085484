using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Slots;
using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>What all stages of a run have in common as grains: identity, an inbox, a worker. No turn touches a tensor.</summary>
internal abstract partial class StageGrain(CheckpointStore checkpoints, TimeProvider time, ILogger logger) : Grain, ISlotReceiver
{
    private readonly ILogger _logger = logger;
    private int _generation = -1;
    private int _newest;
    private IStage? _stage;
    private StageWorker? _worker;

    public async Task Open(StageAssignment assignment)
    {
        if (assignment.Generation < _newest)
        {
            throw new StageLostException($"The {StageName} works for generation {_newest} already.");
        }

        _newest = assignment.Generation;
        await Stop();
        var stopping = new CancellationTokenSource();
        var reports = GrainFactory.GetGrain<IExperimentReports>(assignment.Run);
        void Failed(Exception e) => _ = ReportFailure(reports, assignment.Generation, e);
        _stage = CreateStage(new StageContext(assignment, GrainFactory, checkpoints, time, Failed, stopping.Token));
        _worker = new StageWorker($"ff {StageName}", _stage, Failed, stopping);
        _generation = assignment.Generation; // before the worker's first slot can come back as an answer from above
        try
        {
            await _worker.Ready;
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

    public async Task Close()
    {
        await Stop();
        DeactivateOnIdle(); // with it go the data and everything else that the run held
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Stop();

    /// <summary>For threads and for people: "layer 2", "readout".</summary>
    protected abstract string StageName { get; }

    protected bool IsOpenFor(int generation) => generation == _generation;

    protected abstract IStage CreateStage(StageContext context);

    private static PushAnswer WrongGeneration => new(PushOutcome.WrongGeneration, 0, 0);

    private async Task Stop()
    {
        _generation = -1;
        if (_worker is { } worker)
        {
            _worker = null;
            await worker.Stop();
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

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "The {Stage} failed ({Failure}) and its coordinator cannot be reached")]
    private partial void LogUnreported(string stage, string failure, Exception unreachable);
}
