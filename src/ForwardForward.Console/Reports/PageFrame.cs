using System.Globalization;
using System.Text;

namespace ForwardForward.Console.Reports;

/// <summary>What every page has: style, script, sections. It needs no network and no other file.</summary>
internal static class PageFrame
{
    /// <param name="title">Of the window; as it came.</param>
    /// <param name="content">HTML of the page's own.</param>
    public static string Html(string title, StringBuilder content) =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" "
        + $"content=\"width=device-width, initial-scale=1\"/><title>{Markup.Escape(title)}</title><link rel=\"icon\" "
        + $"href=\"data:,\"/><style>{Resource("report.css")}</style></head><body>\n<main>{content}</main>"
        + $"<div id=\"values\" role=\"status\"></div><script>{Resource("report.js")}</script></body></html>\n";

    /// <summary>Appends a section under a heading.</summary>
    /// <param name="content">HTML.</param>
    public static void Section(StringBuilder page, string heading, string content) =>
        page.Append(CultureInfo.InvariantCulture, $"\n<section><h2>{heading}</h2>{content}</section>");

    /// <summary>Charts side by side, as many as there is room for.</summary>
    public static string Charts(IEnumerable<(string Caption, LineChart Chart)> charts) =>
        "<div class=\"charts\">"
        + string.Concat(charts.Select(chart => $"<figure><figcaption>{chart.Caption}</figcaption>{chart.Chart.Svg()}</figure>"))
        + "</div>";

    /// <summary>Says why there is nothing to show.</summary>
    public static string None(string sentence) => $"<p class=\"none\">{Markup.Escape(sentence)}</p>";

    public static string Resource(string name)
    {
        using var reader = new StreamReader(
            typeof(PageFrame).Assembly.GetManifestResourceStream($"ForwardForward.Console.Reports.{name}")!
        );
        return reader.ReadToEnd();
    }
}
