using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ForwardForward.Runtime.Readouts;

/// <summary>The readout of one run. It stays where the plan put it.</summary>
[KeepAlive, Immovable, PlannedPlacement]
internal sealed class ReadoutGrain(
    ILocalSiloDetails silo,
    LocalRuns local,
    CheckpointStore checkpoints,
    TimeProvider time,
    ILogger<ReadoutGrain> logger
) : StageGrain(silo, local, checkpoints, time, logger), IReadoutGrain
{
    protected override string NameIn(ExperimentSpec spec) => "readout";

    protected override IStage CreateStage(StageContext context) => new ReadoutWorkLoop(context);
}
