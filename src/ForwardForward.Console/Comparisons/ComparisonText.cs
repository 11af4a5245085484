using System.Globalization;
using ForwardForward.Console.Rendering;

namespace ForwardForward.Console.Comparisons;

/// <summary>A comparison for a person at a terminal.</summary>
/// <param name="width">Of the terminal; values that are longer are not cut.</param>
/// <param name="colours">Of the marks.</param>
internal sealed class ComparisonText(RunComparison comparison, int width, MarkColours colours)
{
    private const int MostOfChart = 60;
    private const int LeastOfChart = 30;
    private const string Indent = "   ";

    public IReadOnlyList<string> Lines =>
        [
            .. Runs.Select(i => $"{Mark(i)}  {comparison.Runs[i].Title}"),
            "",
            .. Fields(),
            .. ComparedTest.All.SelectMany(Chart),
            .. Results(),
            .. comparison.Notes.SelectMany(note => (string[])[note, ""]),
            .. Settings(),
        ];

    private IEnumerable<int> Runs => Enumerable.Range(0, comparison.Runs.Count);

    private string Mark(int run) => colours.Paint($"{RunComparison.Mark(run)}", comparison.SettingOf(run));

    private IEnumerable<string> Fields()
    {
        if (comparison.Fields.Count == 0)
        {
            return ["The specs are equal.", ""];
        }

        var table = TextTable.Of([
            ["field", .. Runs.Select(i => $"{RunComparison.Mark(i)}")],
            .. comparison.Fields.Select(field => (IReadOnlyList<string>)[field.Path, .. field.Texts]),
        ]);
        return table.All(line => line.Length <= width) ? [.. table, ""] : [.. comparison.Fields.SelectMany(Listed), ""];
    }

    // What is too wide for a table, as JSON of layers is.
    private static IEnumerable<string> Listed(DifferingField field) =>
        field.Texts.Select((value, i) => $"{Indent}{RunComparison.Mark(i)}  {value}").Prepend(field.Path);

    // What was tested once is in the table of results.
    private IEnumerable<string> Chart(ComparedTest test)
    {
        var curves = Runs.Select(i => (RunComparison.Mark(i), Points: test.Curve(comparison.Runs[i].Records))).ToList();
        var lines = curves.All(curve => curve.Points.Count < 2)
            ? []
            : TextChart.Of(
                curves,
                "epochs",
                Math.Clamp(width, LeastOfChart, MostOfChart),
                mark => Mark(Runs.First(i => RunComparison.Mark(i) == mark))
            );
        return lines.Count == 0 ? [] : [$"test error, {test.Name}; {TextChart.Several} is several runs", .. lines, ""];
    }

    private IEnumerable<string> Results() =>
        [
            .. TextTable.Of([
                ["", "run", .. ComparedTest.All.Select(test => $"error, {test.Name}"), "time"],
                .. Runs.Select(i => (i, comparison.Runs[i].Summary))
                    .Select(run =>
                        (IReadOnlyList<string>)
                            [
                                $"{RunComparison.Mark(run.i)}",
                                comparison.Runs[run.i].Title,
                                .. ComparedTest.All.Select(test => Texts.Percent(test.Final(run.Summary))),
                                Texts.Duration(TimeSpan.FromSeconds(run.Summary.Seconds)),
                            ]
                    ),
            ]),
            "",
        ];

    private IEnumerable<string> Settings() =>
        [
            "Runs whose specs differ in nothing but the seed are one setting; ± is the sample standard deviation over its seeds.",
            .. TextTable.Of([
                ["setting", "runs", "seeds", .. ComparedTest.All.Select(test => $"error, {test.Name}")],
                .. comparison.Settings.Select(setting =>
                    (IReadOnlyList<string>)
                        [
                            $"{setting.Number}",
                            string.Join(' ', setting.Runs.Select(RunComparison.Mark)),
                            $"{setting.Counted.Count}",
                            .. setting.Spreads.Select(SpreadText),
                        ]
                ),
            ]),
            .. Verdicts(),
        ];

    private IEnumerable<string> Verdicts() =>
        (comparison.OnPairs, comparison.Pairs) switch
        {
            ("", _) => [],
            (var said, []) => ["", said],
            var (said, pairs) =>
            [
                "",
                said,
                .. TextTable.Of([
                    ["settings", "test", "apart, points", "pooled", ""],
                    .. pairs.Select(pair =>
                        (IReadOnlyList<string>)
                            [
                                $"{pair.One.Number} and {pair.Other.Number}",
                                pair.Test.Name,
                                Points(pair.Difference),
                                Points(pair.Spread),
                                pair.Verdict,
                            ]
                    ),
                ]),
            ],
        };

    /// <summary>What lies between two shares, in hundredths.</summary>
    public static string Points(double? difference) =>
        difference is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : Texts.None;

    /// <summary>A mean with its spread, and how many seeds it is of.</summary>
    public static string SpreadText(SeedSpread? spread) =>
        spread switch
        {
            null => Texts.None,
            { Deviation: { } deviation } => string.Create(
                CultureInfo.InvariantCulture,
                $"{Texts.Percent(spread.Mean)} ± {100 * deviation:0.00} ({spread.Seeds})"
            ),
            _ => $"{Texts.Percent(spread.Mean)} (1)",
        };
}
