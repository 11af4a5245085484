using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>Units of one stage that the readout sees.</summary>
/// <param name="Stage">Position among those that layers make, from 0.</param>
/// <param name="First">The first of the units.</param>
public readonly record struct Feature(int Stage, int First, int Units)
{
    /// <summary>From the bottom up.</summary>
    /// <exception cref="InvalidInputException">A layer has no such place.</exception>
    public static IReadOnlyList<Feature> Of(ExperimentSpec spec) => [.. LayerStage.Featured(spec).Select(stage => Of(spec, stage, Shard.All(spec)[stage]))];

    private static Feature Of(ExperimentSpec spec, int stage, Shard shard)
    {
        var layer = shard.Layer;
        if (spec.Readout.Place == 0)
        {
            return new Feature(stage, 0, spec.Layers[layer] / shard.Count);
        }

        var (rows, columns) = spec.Local.IsOn ? spec.Local.Places(layer) : (1, 1);
        var units = spec.Layers[layer] / (rows * columns);
        return spec.Readout.Place <= rows * columns
            ? new Feature(stage, (spec.Readout.Place - 1) * units, units)
            : throw new InvalidInputException($"readout.place: layer {layer + 1} has {rows * columns} places; expected at most as many.");
    }
}
