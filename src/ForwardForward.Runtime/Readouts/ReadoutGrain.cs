using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ForwardForward.Runtime.Readouts;

/// <summary>The readout of one run. It stays where the plan put it.</summary>
[KeepAlive, Immovable, PlannedPlacement]
internal sealed class ReadoutGrain(CheckpointStore checkpoints, TimeProvider time, ILogger<ReadoutGrain> logger) : StageGrain(checkpoints, time, logger), IReadoutGrain
{
    protected override string StageName => "readout";

    protected override IStage CreateStage(StageContext context) => new ReadoutPipelineStage(context);
}
