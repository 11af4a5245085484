using ForwardForward.Learning.Specs;

namespace ForwardForward.Learning.Convolutions;

/// <summary>A tensor in a row of one picture, and what it becomes before it is used or carried on.</summary>
/// <param name="Offset">In the row.</param>
/// <param name="From">As it lies there.</param>
/// <param name="To">As it is needed: the same, or the means of its squares of points.</param>
internal readonly record struct RowPart(int Offset, PictureShape From, PictureShape To)
{
    /// <summary>Points a side of those squares.</summary>
    public int Side => Shortcuts.Side(From, To);
}

/// <summary>What a stage finds in a row besides what its layer sees, and what it hands on besides what its layer makes.</summary>
/// <param name="Below">Numbers of the row that it gets that its layer does not see.</param>
/// <param name="Taken">What the layer's own shortcut brings; null where it has none.</param>
/// <param name="Carried">What layers above still need, in the order in which it lies in the row that goes on.</param>
internal sealed record ShortcutRoute(int Below, RowPart? Taken, IReadOnlyList<RowPart> Carried)
{
    public static ShortcutRoute None { get; } = new(0, null, []);
}

/// <summary>
/// Which layer's tensor travels how far. A row goes from stage to stage as [what the layer below hands on | what shortcuts above still
/// need, from the bottom up], so whatever moves a row moves shortcuts too. A tensor that all who still need it want smaller becomes smaller
/// at the first stage that carries it on.
/// </summary>
internal static class Shortcuts
{
    /// <summary>Adds to each layer what its stage takes from a row and what it carries on.</summary>
    /// <param name="layers">Of a network, from the bottom up.</param>
    public static IReadOnlyList<ConvolutionShape> Route(IReadOnlyList<ConvolutionShape> layers)
    {
        var routed = new List<ConvolutionShape>();
        List<(int Number, PictureShape Shape)> row = []; // of the stage, without what its layer sees
        for (var i = 0; i < layers.Count; i++)
        {
            var below = row.Sum(part => part.Shape.Size);
            List<(int Number, RowPart Part)> found = [];
            var offset = 0;
            foreach (var (number, shape) in row.Prepend((i, layers[i].In)))
            {
                found.Add((number, new RowPart(offset, shape, Smallest(shape, Above(layers, i, number)))));
                offset += shape.Size;
            }

            var carried = found.Where(one => one.Number > 0 && Above(layers, i, one.Number).Any()).ToList();
            var taken = found.Find(one => one.Number > 0 && one.Number == layers[i].Spec.ShortcutFrom);
            routed.Add(
                layers[i] with
                {
                    Route = new ShortcutRoute(
                        below,
                        taken.Number > 0 ? taken.Part with { To = SizedAs(taken.Part.From, layers[i].Made) } : null,
                        [.. carried.OrderBy(one => one.Number).Select(one => one.Part)]
                    ),
                }
            );
            row = [.. carried.OrderBy(one => one.Number).Select(one => (one.Number, one.Part.To))];
        }

        return routed;
    }

    /// <summary>
    /// Points a side of the squares whose means make one picture as large as another; squares at the border may be smaller, or left out.
    /// </summary>
    /// <returns>0 where no squares do.</returns>
    public static int Side(PictureShape from, PictureShape to)
    {
        for (var side = 1; side <= Math.Max(from.Height, from.Width); side++)
        {
            if (Fits(from.Height, to.Height, side) && Fits(from.Width, to.Width, side))
            {
                return side;
            }
        }

        return 0;
    }

    /// <exception cref="InvalidInputException">The layer cannot have its shortcut; the sentence has the numbers.</exception>
    public static void Require(ConvolutionShape layer, int index)
    {
        var (number, made) = (layer.Spec.ShortcutFrom, layer.Made);
        if (number == 0)
        {
            return;
        }

        if (layer.Shortcut is not { } from)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].shortcutFrom: layer {number} is not below layer {index + 1}; expected "
                    + (index == 0 ? "0, since nothing is below the first." : $"a number from 1 to {index}, or 0 for none.")
            );
        }

        if (Side(from, made) == 0)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].shortcutFrom: no squares of the {from.Height} x {from.Width} points of layer {number} make the "
                    + $"{made.Height} x {made.Width} of layer {index + 1}; expected as many points, or a whole number of times as many a "
                    + "side."
            );
        }

        if (layer.Spec.Shortcut == ShortcutKind.Concatenate && from.Channels % layer.Classes != 0)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].shortcut: the {from.Channels} channels of layer {number} do not fall into a set for each of "
                    + $"{layer.Classes} classes; expected a multiple of {layer.Classes}, or {ShortcutKind.Add}."
            );
        }

        if (layer.Spec.Shortcut == ShortcutKind.Add && from.Channels != made.Channels)
        {
            throw new InvalidInputException(
                $"convolutions[{index}].shortcut: the {from.Channels} channels of layer {number} cannot be added to the {made.Channels} of "
                    + $"layer {index + 1}; expected as many, or {ShortcutKind.Concatenate}."
            );
        }
    }

    private static bool Fits(int from, int to, int side) => to == from / side || to == (from + side - 1) / side;

    private static PictureShape SizedAs(PictureShape shape, PictureShape to) => shape with { Height = to.Height, Width = to.Width };

    // What layers above the one at this position make where they take the tensor of this number.
    private static IEnumerable<PictureShape> Above(IReadOnlyList<ConvolutionShape> layers, int index, int number) =>
        layers.Skip(index + 1).Where(layer => layer.Spec.ShortcutFrom == number).Select(layer => layer.Made);

    private static PictureShape Smallest(PictureShape shape, IEnumerable<PictureShape> users)
    {
        var sizes = users.Select(user => SizedAs(shape, user)).Distinct().ToList();
        return sizes.Count == 1 ? sizes[0] : shape;
    }
}
