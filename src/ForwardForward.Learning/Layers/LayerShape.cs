using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>Widths of one layer: of the rows that come from below and, in a top-down run, from above, and its own.</summary>
public readonly record struct LayerShape(int Below, int Above, int Units)
{
    public int Inputs => Below + Above;

    /// <summary>Above the top layer is the label.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <param name="classes">Width of the label.</param>
    public static LayerShape Of(ExperimentSpec spec, int index, int pixels, int classes)
    {
        var below = index == 0 ? pixels : spec.Layers[index - 1];
        var above = index + 1 < spec.Layers.Count ? spec.Layers[index + 1] : classes;
        return new LayerShape(below, spec.TopDown.IsOn ? above : 0, spec.Layers[index]);
    }

    /// <summary>Of all layers, from the bottom up.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<LayerShape> All(ExperimentSpec spec, int pixels, int classes) =>
        [.. spec.Layers.Select((_, i) => Of(spec, i, pixels, classes))];
}
