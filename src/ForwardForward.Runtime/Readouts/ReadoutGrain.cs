using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Pipeline;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Readouts;

/// <summary>The readout of one run. It stays where the plan put it.</summary>
[KeepAlive, Immovable, RandomPlacement]
internal sealed class ReadoutGrain(ILocalSiloDetails silo, TimeProvider time, ILogger<ReadoutGrain> logger) : StageGrain(silo, time, logger), IReadoutGrain
{
    protected override string StageName => "readout";

    protected override IStage CreateStage(StageContext context) => new ReadoutPipelineStage(context);
}
