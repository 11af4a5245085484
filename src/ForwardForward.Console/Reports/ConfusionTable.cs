using System.Globalization;
using System.Text;
using ForwardForward.Learning.Data;

namespace ForwardForward.Console.Reports;

/// <summary>How often each class was taken for each: a table whose cells are as dark as there are errors in them.</summary>
internal static class ConfusionTable
{
    /// <param name="counts">Images by true class, then by answer.</param>
    /// <param name="names">Of the classes; null: they have none.</param>
    public static string Html(int[,] counts, IReadOnlyList<string>? names)
    {
        string Name(int number) => Markup.Escape(ClassNames.Of(names, number));
        var classes = counts.GetLength(0);
        var most = Math.Max(
            1,
            Enumerable.Range(0, classes * classes).Where(i => i / classes != i % classes).Max(i => counts[i / classes, i % classes])
        );
        var html = new StringBuilder("<div class=\"wide\"><table class=\"confusion\"><tr><th scope=\"col\">is</th>");
        for (var answer = 0; answer < classes; answer++)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<th scope=\"col\">{(names is null ? $"{answer}" : $"<span>{Name(answer)}</span>")}</th>"
            );
        }

        for (var truth = 0; truth < classes; truth++)
        {
            html.Append(CultureInfo.InvariantCulture, $"</tr><tr><th scope=\"row\">{Name(truth)}</th>");
            for (var answer = 0; answer < classes; answer++)
            {
                var count = counts[truth, answer];
                var shade =
                    truth == answer
                        ? "right"
                        : $"wrong\" style=\"--share:{Math.Round(100.0 * count / most).ToString(CultureInfo.InvariantCulture)}%";
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<td class=\"{shade}\" title=\"{count} times a {Name(truth)} was taken for a "
                        + $"{Name(answer)}\">{(count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture))}</td>"
                );
            }
        }

        return html.Append("</tr></table></div>").ToString();
    }
}
