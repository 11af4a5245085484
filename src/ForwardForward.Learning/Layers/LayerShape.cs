using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>Widths of one layer: of the rows that come from below and, in a top-down run, from above, and its own.</summary>
public readonly record struct LayerShape(int Below, int Above, int Units)
{
    /// <summary>What its units see of a row from below; null: all of it.</summary>
    public ReceptiveField? Field { get; init; }

    /// <summary>Which shard of the layer these units are, from 0.</summary>
    public int Part { get; init; }

    /// <summary>Shards of the layer, all as wide as this one.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Which copy of the layer it is, from 0.</summary>
    public int Replica { get; init; }

    /// <summary>Copies of the layer, each with rows of its own.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Units of all parts together.</summary>
    public int LayerUnits => Units * Parts;

    /// <summary>Weights of a unit.</summary>
    public int Inputs => (Field?.Inputs ?? Below) + Above;

    /// <summary>Weights of the layer that what comes from below is multiplied with.</summary>
    public long WeightsBelow => (long)(Inputs - Above) * Units;

    /// <summary>Above the top layer is the label.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    /// <param name="pixels">Width of the pictures.</param>
    /// <param name="classes">Width of the label.</param>
    public static LayerShape Of(ExperimentSpec spec, int index, int pixels, int classes)
    {
        var below = index == 0 ? pixels : spec.Layers[index - 1];
        var above = index + 1 < spec.Layers.Count ? spec.Layers[index + 1] : classes;
        return new LayerShape(below, spec.TopDown.IsOn ? above : 0, spec.Layers[index]) { Field = ReceptiveField.Of(spec, index) };
    }

    /// <summary>Of a part of a layer.</summary>
    /// <inheritdoc cref="Of(ExperimentSpec, int, int, int)"/>
    public static LayerShape Of(ExperimentSpec spec, LayerPart part, int pixels, int classes)
    {
        var layer = Of(spec, part.Layer, pixels, classes);
        return part.IsReplica
            ? layer with { Replica = part.Number, Replicas = part.Count }
            : layer with { Units = layer.Units / part.Count, Part = part.Number, Parts = part.Count };
    }

    /// <summary>Of all layers, from the bottom up.</summary>
    /// <inheritdoc cref="Of(ExperimentSpec, int, int, int)"/>
    /// <exception cref="InvalidInputException">The squares that they see do not fit the pictures.</exception>
    public static IReadOnlyList<LayerShape> All(ExperimentSpec spec, int pixels, int classes)
    {
        spec.Local.Check(spec, pixels);
        return [.. spec.Layers.Select((_, i) => Of(spec, i, pixels, classes))];
    }
}
