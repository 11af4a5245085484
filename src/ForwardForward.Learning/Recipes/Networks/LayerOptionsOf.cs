using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>The one place where a spec becomes the options of its layers.</summary>
internal static class LayerOptionsOf
{
    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    /// <param name="maxRows">Most rows that a slot carries.</param>
    public static LayerOptions Layer(ExperimentSpec spec, int index, LayerShape shape, int maxRows) =>
        new()
        {
            Index = index,
            Shape = shape,
            MaxRows = maxRows,
            BatchSize = spec.BatchSize,
            Seed = spec.DrawSeed,
            Precision = spec.Precision,
            Goodness = spec.Goodness with { IsPortable = spec.Precision == Precision.Portable },
            Optimizer = spec.Optimizer with { IsPortable = spec.Precision == Precision.Portable },
            PeerNormalization = spec.PeerNormalization,
            Dropout = spec.Regularization.Dropout,
            Kept = spec.TopDown.Kept,
        };

    /// <summary>Of what one stage has of a layer.</summary>
    /// <param name="pixels">Width of the pictures.</param>
    public static LayerOptions Part(ExperimentSpec spec, LayerShard part, int pixels, SlotPlan plan) =>
        Layer(spec, part.Layer, LayerShapes.Of(spec, part, pixels, plan.Classes), plan.MaxRows);
}
