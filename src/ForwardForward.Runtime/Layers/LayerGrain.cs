using ForwardForward.Contracts.Stages;
using ForwardForward.Runtime.Pipeline;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace ForwardForward.Runtime.Layers;

/// <summary>One layer of one run. It stays where the plan put it.</summary>
[KeepAlive, Immovable, RandomPlacement]
internal sealed class LayerGrain(ILocalSiloDetails silo, TimeProvider time, ILogger<LayerGrain> logger) : StageGrain(silo, time, logger), ILayerGrain
{
    private int Index => StageKeys.LayerIndex(this.GetPrimaryKeyString());

    protected override string StageName => $"layer {Index + 1}";

    protected override IStage CreateStage(StageContext context) => new LayerPipelineStage(context, Index);
}
