using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes.Networks;

/// <summary>How wide the layers of a spec are.</summary>
internal static class LayerShapes
{
    /// <summary>Above the top layer is the label.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <param name="classes">Width of the label.</param>
    public static LayerShape Of(ExperimentSpec spec, int index, int pixels, int classes)
    {
        var below = index == 0 ? pixels : spec.Layers[index - 1];
        var above = index + 1 < spec.Layers.Count ? spec.Layers[index + 1] : classes;
        return new LayerShape(below, spec.TopDown.Iterations > 0 ? above : 0, spec.Layers[index])
        {
            Field = ReceptiveField.Of(spec.Local, spec.Layers, index),
        };
    }

    /// <summary>Of a part of a layer.</summary>
    /// <inheritdoc cref="Of(ExperimentSpec, int, int, int)"/>
    public static LayerShape Of(ExperimentSpec spec, LayerShard part, int pixels, int classes)
    {
        var layer = Of(spec, part.Layer, pixels, classes);
        return part.IsReplica
            ? layer with
            {
                Replica = part.Number,
                Replicas = part.Count,
            }
            : layer with
            {
                Units = layer.Units / part.Count,
                Part = part.Number,
                Parts = part.Count,
            };
    }

    /// <summary>Of all layers, from the bottom up.</summary>
    /// <inheritdoc cref="Of(ExperimentSpec, int, int, int)"/>
    public static IReadOnlyList<LayerShape> All(ExperimentSpec spec, int pixels, int classes) =>
        [.. spec.Layers.Select((_, i) => Of(spec, i, pixels, classes))];
}
