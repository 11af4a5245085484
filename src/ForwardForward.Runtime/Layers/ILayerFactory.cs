using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Networks;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Runtime.Layers;

/// <summary>Makes what a silo's layer grains work with.</summary>
internal interface ILayerFactory
{
    /// <inheritdoc cref="INetworkKind.Stage"/>
    LayerSlotHandler Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IAllReduce? others);
}

/// <summary>Layers that learn.</summary>
internal sealed class LearningLayers : ILayerFactory
{
    public LayerSlotHandler Of(ExperimentSpec spec, int index, int pixels, SlotPlan plan, IAllReduce? others) =>
        plan.Recipe.Network.Stage(index, pixels, plan, others: others);
}
