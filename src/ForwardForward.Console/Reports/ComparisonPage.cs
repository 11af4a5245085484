using System.Globalization;
using System.Text;
using ForwardForward.Console.Comparisons;
using ForwardForward.Console.Rendering;

namespace ForwardForward.Console.Reports;

/// <summary>Several runs on one page of HTML that needs nothing else: no network, no other file.</summary>
internal sealed class ComparisonPage(RunComparison comparison)
{
    public string Html()
    {
        var page = new StringBuilder();
        Heading(page);
        PageFrame.Section(page, "What came of it", Results() + Notes());
        PageFrame.Section(page, "How they learned", Curves());
        PageFrame.Section(page, "In what they differ", Fields());
        PageFrame.Section(page, "Settings and their seeds", Settings());
        return PageFrame.Html(Title, page);
    }

    private string Title => $"{comparison.Runs.Count} runs beside each other";

    private void Heading(StringBuilder page)
    {
        var data = comparison.Runs.Select(run => RunTable.Data(run.Summary)).Distinct();
        page.Append(
            CultureInfo.InvariantCulture,
            $"<header><h1>{Title}</h1><p>{Markup.Escape(string.Join(" · ", data))} · {Texts.Count(comparison.Settings.Count, "setting")}"
                + $"</p></header>"
        );
    }

    private string Results() =>
        Table(
            [
                "",
                "run",
                "setting",
                "seed",
                .. ComparedTest.All.Select(test => $"error, {test.Name}"),
                "epochs",
                "time",
                "state",
                "state hash",
            ],
            comparison.Runs.Select(
                (run, i) =>
                    (IReadOnlyList<string>)
                        [
                            Mark(i),
                            Markup.Escape(run.Title),
                            $"{comparison.SettingOf(i) + 1}",
                            $"{run.Spec.Seed}",
                            .. ComparedTest.All.Select(test => Texts.Percent(test.Final(run.Summary))),
                            $"{run.Summary.Epoch} of {run.Summary.Epochs}",
                            Texts.Duration(TimeSpan.FromSeconds(run.Summary.Seconds)),
                            $"<span class=\"state {Markup.Escape(run.Summary.State)}\">{Markup.Escape(run.Summary.State)}</span>",
                            $"<code>{Markup.Escape(run.Summary.StateHash ?? Texts.None)}</code>",
                        ]
            )
        );

    private string Notes() => string.Concat(comparison.Notes.Select(note => $"<p class=\"error\">{Markup.Escape(note)}</p>"));

    private string Curves() =>
        "<p>Runs of one setting have one colour.</p>"
        + PageFrame.Charts(
            ComparedTest.All.Select(test =>
                ($"Test error, {test.Name}, on a scale where equal steps are equal ratios", RunCurves.Over(comparison, test))
            )
        );

    private string Fields() =>
        comparison.Fields.Count == 0
            ? PageFrame.None("The specs are equal.")
            : Table(
                ["field", .. comparison.Runs.Select((_, i) => Mark(i))],
                comparison.Fields.Select(field =>
                    (IReadOnlyList<string>)
                        [$"<code>{Markup.Escape(field.Path)}</code>", .. field.Texts.Select(text => $"<code>{Markup.Escape(text)}</code>")]
                )
            );

    private string Settings() =>
        "<p>Runs whose specs differ in nothing but the seed are one setting: the mean, ± the sample standard deviation over its seeds, "
        + "and how many they are.</p>"
        + Table(
            ["setting", "runs", "seeds", .. ComparedTest.All.Select(test => $"error, {test.Name}")],
            comparison.Settings.Select(setting =>
                (IReadOnlyList<string>)
                    [
                        $"{setting.Number}",
                        string.Join(' ', setting.Runs.Select(Mark)),
                        $"{setting.Counted.Count}",
                        .. setting.Spreads.Select(ComparisonText.SpreadText),
                    ]
            )
        )
        + Verdicts();

    private string Verdicts() =>
        (comparison.OnPairs.Length == 0 ? "" : $"<p>{comparison.OnPairs}</p>")
        + (
            comparison.Pairs.Count == 0
                ? ""
                : Table(
                    ["settings", "test", "apart, points", "pooled deviation", ""],
                    comparison.Pairs.Select(pair =>
                        (IReadOnlyList<string>)
                            [
                                $"{pair.One.Number} and {pair.Other.Number}",
                                pair.Test.Name,
                                ComparisonText.Points(pair.Difference),
                                ComparisonText.Points(pair.Spread),
                                pair.Verdict,
                            ]
                    )
                )
        );

    private string Mark(int run) =>
        $"<span class=\"mark {RunCurves.Color(comparison.SettingOf(run) + 1)}\">{RunComparison.Mark(run)}</span>";

    // Cells are HTML.
    private static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        $"<div class=\"wide\"><table class=\"values\"><tr>{string.Concat(headings.Select(heading => $"<th scope=\"col\">{heading}</th>"))}"
        + $"</tr>{string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>"))}</table></div>";
}
