using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ForwardForward.Learning.Specs;

public sealed record LocalSpec
{
    [Description(
        "Places from left to right of each layer, from the bottom up, where units see a square of what is below them instead "
            + "of everything, without sharing weights; a layer's units are its places times its channels, place by place. Empty: "
            + "every unit sees everything."
    )]
    [Length(0, 64)]
    public IReadOnlyList<int> Grid { get; init; } = [];

    [Description("Places from top to bottom of each layer, where they are not as many as from left to right; empty: as many.")]
    [Length(0, 64)]
    public IReadOnlyList<int> Rows { get; init; } = [];

    [Description(
        "Pixels a side of the squares that the first layer sees; the other layers see rectangles of adjacent places, as large "
            + "as their grids allow."
    )]
    [Range(1, 4096)]
    public int Size { get; init; } = 10;

    [Description("Pixels from one square of the first layer to the next.")]
    [Range(1, 4096)]
    public int Stride { get; init; } = 6;

    internal bool IsOn => Grid.Count > 0;

    /// <summary>Pixels from top to bottom of the pictures that the squares cover.</summary>
    internal int Height => Covered(Rows.Count > 0 ? Rows : Grid);

    /// <summary>Pixels from left to right.</summary>
    internal int Width => Covered(Grid);

    /// <summary>Pixels of the pictures that the squares cover; null where there are no squares, and any pictures will do.</summary>
    internal int? Pixels => IsOn ? Height * Width : null;

    /// <summary>Places of a layer, from 0, from top to bottom and from left to right.</summary>
    internal (int Rows, int Columns) Places(int layer) => (Rows.Count > 0 ? Rows[layer] : Grid[layer], Grid[layer]);

    /// <exception cref="InvalidInputException">The fields do not fit each other or the rest of the spec.</exception>
    internal void Check(ExperimentSpec spec)
    {
        if (!IsOn)
        {
            return;
        }

        if (Grid.Count != spec.Layers.Count || (Rows.Count > 0 && Rows.Count != Grid.Count))
        {
            throw new InvalidInputException(
                $"local.grid, local.rows: {Grid.Count} and {Rows.Count} for {spec.Layers.Count} layers; expected one each, or no rows."
            );
        }

        for (var i = 0; i < Grid.Count; i++)
        {
            var (rows, columns) = Places(i);
            if (spec.Layers[i] % (rows * columns) != 0 || (i > 0 && (columns > Grid[i - 1] || rows > Places(i - 1).Rows)))
            {
                throw new InvalidInputException(
                    $"local.grid[{i}]: {rows} by {columns} places for {spec.Layers[i]} units; expected no more either way than "
                        + "below, and as many units at every place."
                );
            }
        }

        if (spec.Backpropagation.Network != NetworkKind.None || spec.PermutePixels)
        {
            throw new InvalidInputException(
                "local.grid: layers that see neighbourhoods are built without backpropagation and with pixels in their places; "
                    + "expected an empty list with these."
            );
        }
    }

    /// <exception cref="InvalidInputException">The squares of the first layer do not cover pictures of so many pixels.</exception>
    internal void RequirePictures(int pixels)
    {
        if (IsOn && (long)Height * Width != pixels)
        {
            throw new InvalidInputException(
                $"local: squares of {Size} pixels a side, {Stride} apart, cover pictures of {Height} by {Width} pixels, and "
                    + $"these have {pixels} pixels; expected squares that cover the pictures."
            );
        }
    }

    private int Covered(IReadOnlyList<int> places) => IsOn ? Size + ((places[0] - 1) * Stride) : 0;
}
