using ForwardForward.Contracts.Stages;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Runtime.Checkpoints;
using ForwardForward.Runtime.Membership;
using ForwardForward.Runtime.Pipeline;
using ForwardForward.Runtime.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ForwardForward.Runtime.Layers;

/// <summary>One layer, or one part of it, of one run. It stays where the plan put it.</summary>
[KeepAlive, Immovable, PlannedPlacement]
internal sealed class LayerGrain(
    ILocalSiloDetails silo,
    LocalRuns local,
    CheckpointStore checkpoints,
    ILayerFactory layers,
    TimeProvider time,
    ILogger<LayerGrain> logger
) : StageGrain(silo, local, checkpoints, time, logger), ILayerGrain
{
    private int Stage => StageKeys.LayerIndex(this.GetPrimaryKeyString());

    protected override string NameIn(ExperimentSpec spec) => $"layer {StageTopology.Of(spec).Parts[Stage].Name}";

    protected override IStage CreateStage(StageContext context) => new LayerWorkLoop(context, layers, Stage);
}
