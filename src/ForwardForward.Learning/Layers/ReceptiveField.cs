using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Layers;

/// <summary>
/// Which part of a row from below the units at each place of a layer see (Hinton 2022, section 3.2): the first layer squares of pixels, the
/// others squares of adjacent places of the layer below, all their channels. No weights are shared between places.
/// </summary>
/// <param name="Places">Of each place, row by row, the runs of elements that its units see.</param>
/// <param name="Inputs">Elements that a unit sees.</param>
internal sealed record ReceptiveField(IReadOnlyList<IReadOnlyList<(int First, int Count)>> Places, int Inputs)
{
    /// <summary>Null where every unit sees everything.</summary>
    /// <param name="local">Of the network.</param>
    /// <param name="layers">Units of its layers.</param>
    /// <param name="index">Position of the layer, from 0.</param>
    public static ReceptiveField? Of(LocalSpec local, IReadOnlyList<int> layers, int index)
    {
        if (!local.IsOn)
        {
            return null;
        }

        var (rows, columns) = local.Places(index);
        var (height, width) = index == 0 ? (local.Height, local.Width) : local.Places(index - 1);
        var (down, across) = index == 0 ? (local.Size, local.Size) : (height - rows + 1, width - columns + 1);
        var stride = index == 0 ? local.Stride : 1;
        var depth = index == 0 ? 1 : layers[index - 1] / (height * width);
        var places = new List<IReadOnlyList<(int, int)>>();
        for (var place = 0; place < rows * columns; place++)
        {
            int top = place / columns * stride,
                left = place % columns * stride;
            places.Add([.. Enumerable.Range(top, down).Select(row => (((row * width) + left) * depth, across * depth))]);
        }

        return new ReceptiveField(places, down * across * depth);
    }
}
