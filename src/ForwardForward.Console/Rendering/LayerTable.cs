using System.Globalization;
using ForwardForward.Console.Training;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Spectre.Console;

namespace ForwardForward.Console.Rendering;

/// <summary>
/// The layers of a run and what they measured last. Where there are more than there is room for, those in the middle are folded.
/// </summary>
internal static class LayerTable
{
    /// <summary>Lines that the table has besides its layers.</summary>
    public const int FrameLines = 4;

    private const int FewestRows = 3;
    private static readonly (string Heading, int FromWidth)[] Columns =
    [
        ("units", 0),
        ("goodness +", 0),
        ("goodness -", 0),
        ("alone", 53),
        ("loss", 62),
        ("pulling", 72),
        ("inbox", 80),
    ];

    /// <param name="rows">Most layers to show, the folded ones as one.</param>
    /// <param name="width">Of the terminal: a narrow one has fewer columns.</param>
    public static Table Of(RunProgress progress, int rows, int width)
    {
        var columns = Columns.Count(column => width >= column.FromWidth);
        var table = new Table().Border(TableBorder.Simple).AddColumn("layer", column => column.NoWrap());
        foreach (var (heading, _) in Columns.Take(columns))
        {
            table.AddColumn(heading, column => column.RightAligned().NoWrap());
        }

        foreach (var layer in Shown(progress.Layers.Count, Math.Max(FewestRows, rows)))
        {
            string[] cells = layer is { } i
                ? [$"{i + 1}", Units(progress.Spec, i), .. Measured(progress.Layers[i], OwnError(progress, i))]
                : [Folded(progress.Layers.Count, rows), .. Enumerable.Repeat("…", Columns.Length)];
            table.AddRow(cells[..(columns + 1)]);
        }

        return table;
    }

    /// <returns>Positions of the layers that are shown, and null in the place of those that are not.</returns>
    public static IReadOnlyList<int?> Shown(int layers, int rows)
    {
        if (layers <= rows)
        {
            return [.. Enumerable.Range(0, layers).Select(i => (int?)i)];
        }

        var (below, above) = Ends(rows);
        return [.. Enumerable.Range(0, below).Select(i => (int?)i), null, .. Enumerable.Range(layers - above, above).Select(i => (int?)i)];
    }

    private static (int Below, int Above) Ends(int rows) => (rows / 2, rows - 1 - (rows / 2));

    private static string Folded(int layers, int rows)
    {
        var (below, above) = Ends(Math.Max(FewestRows, rows));
        return $"{below + 1}-{layers - above}";
    }

    private static string Units(ExperimentSpec spec, int layer) =>
        Recipe.Of(spec).Network.LearnsAsWhole ? string.Join('-', spec.Layers) : $"{spec.Layers[layer]}";

    private static string OwnError(RunProgress progress, int layer) =>
        Texts.Percent(layer < progress.OwnErrors.Count ? progress.OwnErrors[layer] : null);

    private static string[] Measured((LayerMeasurement Measured, int? InboxDepth)? layer, string ownError) =>
        layer is var (measured, depth)
            ?
            [
                Texts.Number(measured.GoodnessPositive),
                Texts.Number(measured.GoodnessNegative),
                ownError,
                Texts.Number(measured.Loss),
                Texts.Share(measured.Pulling),
                depth?.ToString(CultureInfo.InvariantCulture) ?? Texts.None,
            ]
            : [.. Enumerable.Repeat(Texts.None, 6)];
}
