using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Recipes;

/// <summary>Units of one layer that the readout sees.</summary>
/// <param name="Layer">Position, from 0.</param>
/// <param name="First">The first of the units.</param>
public readonly record struct Feature(int Layer, int First, int Units)
{
    /// <summary>From the bottom up.</summary>
    /// <exception cref="InvalidInputException">A layer has no such place.</exception>
    public static IReadOnlyList<Feature> Of(ExperimentSpec spec) => [.. LayerStage.Featured(spec).Select(layer => Of(spec, layer))];

    private static Feature Of(ExperimentSpec spec, int layer)
    {
        if (spec.Readout.Place == 0)
        {
            return new Feature(layer, 0, spec.Layers[layer]);
        }

        var (rows, columns) = spec.Local.IsOn ? spec.Local.Places(layer) : (1, 1);
        var units = spec.Layers[layer] / (rows * columns);
        return spec.Readout.Place <= rows * columns
            ? new Feature(layer, (spec.Readout.Place - 1) * units, units)
            : throw new InvalidInputException($"readout.place: layer {layer + 1} has {rows * columns} places; expected at most as many.");
    }
}
