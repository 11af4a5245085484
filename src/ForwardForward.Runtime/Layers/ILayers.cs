using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Layers;

/// <summary>Makes what a silo's layer grains work with.</summary>
public interface ILayers
{
    /// <inheritdoc cref="INetworkKind.Stage"/>
    LayerStage Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IPartExchange? others);
}

/// <summary>Layers that learn.</summary>
internal sealed class LearningLayers : ILayers
{
    public LayerStage Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IPartExchange? others) =>
        plan.Recipe.Network.Stage(index, pixels, plan, others: others);
}
