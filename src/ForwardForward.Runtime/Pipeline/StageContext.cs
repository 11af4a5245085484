using ForwardForward.Contracts.Experiments;
using ForwardForward.Contracts.Slots;
using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Telemetry;

namespace ForwardForward.Runtime.Pipeline;

/// <summary>What a stage needs from the runtime: its assignment, ways to its neighbours, and its coordinator.</summary>
internal sealed class StageContext
{
    private readonly IGrainFactory _grains;
    private readonly Action<Exception> _failed;
    private readonly MessageLimit _limit;
    private readonly Heartbeat _heart;

    public StageContext(
        StageAssignment assignment,
        IGrainFactory grains,
        CheckpointStore checkpoints,
        ReportLine reports,
        StageMetrics metrics,
        TimeProvider time,
        Action<Exception> failed,
        MessageLimit limit,
        CancellationToken stopping
    )
    {
        Assignment = assignment;
        _grains = grains;
        Metrics = metrics;
        Time = time;
        _failed = failed;
        _limit = limit;
        Stopping = stopping;
        var (spec, data) = (assignment.Spec, assignment.Data);
        Plan = new SlotPlan(spec, data.TrainImages, data.TestImages, data.Classes);
        Coordinator = grains.GetGrain<IExperimentReports>(assignment.Run);
        Reports = reports;
        _heart = new Heartbeat(time, Reports.Beat);
        Checkpoints = new CheckpointWriter(assignment, checkpoints, Reports, metrics, stopping);
    }

    public StageAssignment Assignment { get; }

    public SlotPlan Plan { get; }

    public StageMetrics Metrics { get; }

    public TimeProvider Time { get; }

    /// <summary>Cancelled when the stage is to end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>What the stage keeps, and goes on from.</summary>
    public CheckpointWriter Checkpoints { get; }

    /// <summary>What comes often is told the coordinator here, together with what other stages of the silo tell.</summary>
    public ReportLine Reports { get; }

    /// <summary>What comes once, or is asked: a worker waits for the answer (<see cref="Wait"/>).</summary>
    public IExperimentReports Coordinator { get; }

    /// <summary>Tells that the stage has handled the last slot, once all that it has told before is heard.</summary>
    public void End(int stage, byte[] digest)
    {
        Wait(Reports.Flush());
        Wait(Coordinator.Ended(Assignment.Generation, stage, digest));
    }

    /// <param name="stage">Position among the stages that layers make, from 0.</param>
    public Link LinkToLayer(int stage, int lane = 0) => Link(_grains.GetGrain<ILayerGrain>(StageKeys.Layer(Assignment.Run, stage)), lane);

    public Link LinkToReadout(int lane) => Link(_grains.GetGrain<IReadoutGrain>(Assignment.Run), lane);

    public Link LinkToSource() => Link(_grains.GetGrain<ISourceGrain>(Assignment.Run), 0);

    /// <summary>Tells the source what came out at the top for those who ask there; whether it arrives is nothing to the run.</summary>
    public void Answer(PredictionResponse answer) =>
        _ = _grains.GetGrain<ISourceGrain>(Assignment.Run).Answered(Assignment.Generation, answer);

    /// <summary>Called after every slot: every ten seconds a stage says that it works.</summary>
    public void Beat() => _heart.Beat();

    public static void Wait(Task report) => report.GetAwaiter().GetResult();

    public static T Wait<T>(Task<T> report) => report.GetAwaiter().GetResult();

    private Link Link(ISlotReceiver receiver, int lane) =>
        new(receiver, Assignment.Generation, lane, Time, _failed, Stopping, sent: Metrics.Sent, piece: _limit.Piece);
}
