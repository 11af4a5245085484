using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// Which part of a row from below the units at each place of a layer see (Hinton 2022, section 3.2): the first layer squares of pixels, the others squares of adjacent places of the layer below,
/// all their channels. No weights are shared between places.
/// </summary>
/// <param name="Places">Of each place, row by row, the runs of elements that its units see.</param>
/// <param name="Inputs">Elements that a unit sees.</param>
public sealed record ReceptiveField(IReadOnlyList<IReadOnlyList<(int First, int Count)>> Places, int Inputs)
{
    /// <summary>Null where every unit sees everything.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    public static ReceptiveField? Of(ExperimentSpec spec, int index)
    {
        if (!spec.Local.IsOn)
        {
            return null;
        }

        var grid = spec.Local.Grid;
        var below = index == 0 ? spec.Local.Side : grid[index - 1];
        var (size, stride) = index == 0 ? (spec.Local.Size, spec.Local.Stride) : (below - grid[index] + 1, 1);
        var depth = index == 0 ? 1 : spec.Layers[index - 1] / (below * below);
        var places = new List<IReadOnlyList<(int, int)>>();
        for (var place = 0; place < grid[index] * grid[index]; place++)
        {
            int top = place / grid[index] * stride, left = place % grid[index] * stride;
            places.Add([.. Enumerable.Range(top, size).Select(row => (((row * below) + left) * depth, size * depth))]);
        }

        return new ReceptiveField(places, size * size * depth);
    }
}
