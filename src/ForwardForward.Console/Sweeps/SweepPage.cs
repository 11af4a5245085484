using System.Globalization;
using System.Text;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Reports;
using ForwardForward.Console.Runs;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A sweep on one page of HTML that needs nothing else: no network, no other file.</summary>
internal sealed class SweepPage(SweepProgress progress)
{
    private const int Colors = 6;
    private readonly SweepPlan _plan = progress.Plan;
    private readonly IReadOnlyList<TrialResult> _results = progress.Results;
    private readonly Ranking _ranking = progress.Ranking;

    public string Html()
    {
        var page = new StringBuilder();
        Heading(page);
        PageFrame.Section(page, "How the trials learned", Curves());
        if (_plan.Fields.Count > 0)
        {
            PageFrame.Section(page, "What the fields do", Scatters());
        }

        PageFrame.Section(page, "The trials", Table());
        PageFrame.Section(page, "The best spec", Best());
        return PageFrame.Html(progress.Name, page);
    }

    private void Heading(StringBuilder page)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"<header><h1>{Markup.Escape(progress.Name)}</h1><p>{Markup.Escape(_plan.Experiment)} · "
                + $"{Markup.Escape(_plan.Choice.Spec.Dataset)} · {SweepWords.Of(_plan)}</p><dl class=\"figures\">"
        );
        foreach (
            var (name, value) in new[]
            {
                ($"best error, {_ranking.Test}", Texts.Percent(_ranking.Best?.Mean(_ranking.ByGoodness))),
                ("best trial", _ranking.Best is { } best ? $"{best.Trial}" : Texts.None),
                ("runs done", $"{_results.Count(result => result.IsDone)} of {_results.Count}"),
                ("runs failed", $"{_results.Count(result => result.State == RunStates.Failed)}"),
                ("time of all runs", Texts.Duration(TimeSpan.FromSeconds(_results.Sum(result => result.Seconds)))),
            }
        )
        {
            page.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{Markup.Escape(value)}</dd></div>");
        }

        page.Append("</dl></header>");
    }

    private string Curves() =>
        PageFrame.Charts([
            ("Error by the fast test, mean over the seeds", SweepCurves.Of(_results, _ranking, byGoodness: false)),
            .. _results.Any(result => result.HeldOutErrorGoodness is not null)
                ? [("Error by goodness, mean over the seeds", SweepCurves.Of(_results, _ranking, byGoodness: true))]
                : Array.Empty<(string, LineChart)>(),
        ]);

    private string Scatters()
    {
        List<int> rungs = [.. _results.Select(result => result.Epochs).Distinct().Order()];
        var done = _results
            .Where(result => result.IsDone && Error(result) is not null)
            .Select(result => (Result: result, Color: $"series-{(_plan.Halving ? rungs.IndexOf(result.Epochs) % Colors : 0) + 1}"))
            .ToList();
        string Swatch(int epochs, int rung) => $"<span class=\"mark series-{(rung % Colors) + 1}\">●</span> {Texts.Count(epochs, "epoch")}";
        var legend = _plan.Halving ? $"<p>{string.Join(", ", rungs.Select(Swatch))}</p>" : "";
        return legend
            + Figures(
                _plan.Fields.Select(field =>
                    (
                        $"Error {_ranking.Test} against {Markup.Escape(field)}",
                        new ScatterChart(
                            $"Error against {field}",
                            field,
                            [.. done.Select(one => Dot(one.Result, field, one.Color))],
                            _plan.Logarithmic.Contains(field)
                        ).Svg()
                    )
                )
            );
    }

    private Dot Dot(TrialResult result, string field, string color) =>
        new(
            FieldPath.Text(result.Fields[field]),
            Error(result)!.Value,
            color,
            SweepWords.Line(_plan, result),
            _ranking.Best?.Results.Contains(result) == true
        );

    private double? Error(TrialResult result) => _ranking.ByGoodness ? result.HeldOutErrorGoodness : result.HeldOutErrorFast;

    private string Table()
    {
        var rows = _results
            .GroupBy(result => (result.Epochs, result.Trial))
            .Select(group => new Standing(group.Key.Trial, group.First().Fields, [.. group]))
            .ToList();
        string[] headings =
        [
            "trial",
            .. _plan.Fields,
            "epochs",
            .. _plan.Seeds.Count > 1 ? ["seeds"] : Array.Empty<string>(),
            "fast",
            "by goodness",
            "time of a run",
            "state",
        ];
        var head = string.Concat(headings.Select(text => $"<th>{Markup.Escape(text)}</th>"));
        return $"<div class=\"wide\"><table class=\"trials\"><tr>{head}</tr>" + $"{string.Concat(rows.Select(Row))}</table></div>";
    }

    private string Row(Standing setting)
    {
        var isBest = _ranking.Best is { } best && best.Results.Contains(setting.Results[0]);
        string[] cells =
        [
            $"{setting.Trial}",
            .. _plan.Fields.Select(field => FieldPath.Text(setting.Fields[field])),
            $"{setting.Results[0].Epochs}",
            .. _plan.Seeds.Count > 1 ? [$"{setting.Results.Count(result => result.IsDone)}"] : Array.Empty<string>(),
            Spread(setting.Fast),
            Spread(setting.Goodness),
            Texts.Duration(TimeSpan.FromSeconds(setting.Results.Average(result => result.Seconds))),
            isBest ? "best" : string.Join(", ", setting.Results.Select(result => result.State).Distinct()),
        ];
        var why = setting.Results.Select(result => result.Error).OfType<string>().FirstOrDefault();
        return $"<tr{(isBest ? " class=\"best\"" : "")}{(why is null ? "" : $" title=\"{Markup.Escape(why)}\"")}>"
            + $"{string.Concat(cells.Select(text => $"<td>{Markup.Escape(text)}</td>"))}</tr>";
    }

    private static string Spread(IReadOnlyList<double> errors) =>
        errors.Count switch
        {
            0 => Texts.None,
            1 => Texts.Percent(errors[0]),
            _ => $"{Texts.Percent(errors.Average())} ({100 * errors.Min():0.00} to {100 * errors.Max():0.00})",
        };

    private string Best() =>
        _ranking.Best is { } best
            ? $"<p>Trial {best.Trial}, as <code>sweep --best</code> prints it.</p><details><summary>The spec</summary><pre>"
                + $"{Markup.Escape(SpecReader.Write(_plan.Best(best.Trial)))}</pre></details>"
            : PageFrame.None("No trial is done with every seed.");

    private static string Figures(IEnumerable<(string Caption, string Chart)> charts)
    {
        var figures = charts.Select(one => $"<figure><figcaption>{one.Caption}</figcaption>{one.Chart}</figure>");
        return $"<div class=\"charts\">{string.Concat(figures)}</div>";
    }
}
