using ForwardForward.Learning.Data;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>How figures lie in the pictures of a data set.</summary>
internal static class DataFigures
{
    private const int MaxPictures = 1000;
    private const int Bright = 128;
    private const int Faint = 32;
    private const double FillingSide = 0.95;
    private const double NearMiddle = 0.08;

    private static readonly Dictionary<string, FigurePlacement> Known = new()
    {
        ["mnist"] = FigurePlacement.Centred,
        ["fashion-mnist"] = FigurePlacement.Filling,
    };

    /// <summary>What the spec says, or what is known of its data set; digits in the middle where nothing is.</summary>
    public static FigurePlacement Of(ExperimentSpec spec) =>
        spec.Images.Figures != FigurePlacement.Auto ? spec.Images.Figures : Known.GetValueOrDefault(spec.Dataset, FigurePlacement.Centred);

    /// <summary>The same spec; it says how figures lie where nobody has said and the data set is not known by name.</summary>
    /// <param name="measured">What <see cref="Measure"/> found; null: nothing.</param>
    public static ExperimentSpec Settled(ExperimentSpec spec, FigurePlacement? measured) =>
        measured is { } figures && spec.Images.Figures == FigurePlacement.Auto && !Known.ContainsKey(spec.Dataset)
            ? spec with
            {
                Images = spec.Images with { Figures = figures },
            }
            : spec;

    /// <summary>
    /// Looks at the first pictures: on bright ground they are as they are; figures from side to side fill them; others have their mass in
    /// the middle, or lie anywhere. A coloured picture is shown as a whole.
    /// </summary>
    public static FigurePlacement Measure(LabelledImages images)
    {
        if (images.Channels > 1)
        {
            return FigurePlacement.AsIs;
        }

        var pictures = Enumerable
            .Range(0, Math.Min(images.Count, MaxPictures))
            .Select(i => new ArraySegment<byte>(images.Pixels, i * images.PixelsPerImage, images.PixelsPerImage))
            .ToList();
        if (Half(pictures, picture => Edge(picture, images.Width)) >= Bright)
        {
            return FigurePlacement.AsIs;
        }

        return Half(pictures, picture => Side(picture, images.Width)) >= FillingSide ? FigurePlacement.Filling
            : Half(pictures, picture => FromMiddle(picture, images.Width)) <= NearMiddle ? FigurePlacement.Centred
            : FigurePlacement.AsIs;
    }

    private static float Half(List<ArraySegment<byte>> pictures, Func<ArraySegment<byte>, double> value) =>
        Cells.Median([.. pictures.Select(picture => (float)value(picture))]);

    private static double Edge(ArraySegment<byte> picture, int width) =>
        picture
            .Where((_, i) => i < width || i >= picture.Count - width || i % width == 0 || i % width == width - 1)
            .Average(pixel => pixel);

    // The longer side of the figure's box, as a share of the picture's.
    private static double Side(ArraySegment<byte> picture, int width)
    {
        var box = Enumerable
            .Range(0, picture.Count)
            .Where(i => picture[i] >= Faint)
            .Aggregate(Box.Empty, (box, i) => box.With(i % width, i / width));
        return box.IsEmpty ? 0 : Math.Max((double)box.Width / width, (double)box.Height / (picture.Count / width));
    }

    // How far the centre of mass is from the middle, as a share of the picture's side.
    private static double FromMiddle(ArraySegment<byte> picture, int width)
    {
        double mass = 0,
            right = 0,
            down = 0;
        for (var i = 0; i < picture.Count; i++)
        {
            (mass, right, down) = (
                mass + picture[i],
                right + (picture[i] * ((i % width) + 0.5)),
                down + (picture[i] * ((i / width) + 0.5))
            );
        }

        return mass == 0 ? 0 : Math.Max(Math.Abs((right / mass / width) - 0.5), Math.Abs((down / mass / (picture.Count / width)) - 0.5));
    }
}
