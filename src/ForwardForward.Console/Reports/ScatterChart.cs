using System.Globalization;
using System.Text;

namespace ForwardForward.Console.Reports;

/// <param name="X">What was chosen, as it is written; a number where the chart's x are numbers.</param>
/// <param name="Color">A name of the style sheet's: series-1 and so on.</param>
/// <param name="Words">Shown under the pointer.</param>
/// <param name="IsBest">Whether it is marked.</param>
internal sealed record Dot(string X, double Y, string Color, string Words, bool IsBest = false);

/// <summary>Dots as SVG: what came of each value that was chosen. Values that are no numbers stand side by side.</summary>
/// <param name="XName">What was chosen.</param>
/// <param name="LogarithmicX">Whether equal steps of x are equal ratios.</param>
internal sealed record ScatterChart(string Title, string XName, IReadOnlyList<Dot> Dots, bool LogarithmicX)
{
    private const int Width = 460;
    private const int Height = 260;
    private const int Left = 48;
    private const int Right = 20;
    private const int Top = 12;
    private const int Bottom = 34;
    private const int Margin = 14; // of dots from the frame
    private const int MostTicks = 7;
    private const int LongestName = 14;

    public string Svg()
    {
        var dots = Dots.Where(dot => double.IsFinite(dot.Y)).ToList();
        if (dots.Count == 0)
        {
            return PageFrame.None("Nothing was measured.");
        }

        var y = dots.TrueForAll(dot => dot.Y > 0)
            ? Axis.Decades(dots.Select(dot => dot.Y))
            : Axis.Over(dots.Select(dot => dot.Y).Append(0));
        double Py(double value) => Height - Bottom - (y.Share(value) * (Height - Top - Bottom));
        var (place, ticks) = Across(dots);
        double Px(double share) => Left + Margin + (share * (Width - Left - Right - (2 * Margin)));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"scatter\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Markup.Escape(Title)}\">"
        );
        foreach (var tick in y.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"rule\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Py(tick):0.#}\" y2=\"{Py(tick):0.#}\"/><text "
                    + $"class=\"tick\" x=\"{Left - 6}\" y=\"{Py(tick) + 4:0.#}\" text-anchor=\"end\">{100 * tick:0.##} %</text>"
            );
        }

        foreach (var (share, text) in ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{Px(share):0.#}\" y=\"{Height - Bottom + 16}\" "
                    + $"text-anchor=\"middle\">{Markup.Escape(text)}</text>"
            );
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"tick\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 3}\" "
                + $"text-anchor=\"middle\">{Markup.Escape(XName)}</text>"
        );
        foreach (var dot in dots.OrderBy(dot => dot.IsBest))
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<circle class=\"dot {dot.Color}{(dot.IsBest ? " best" : "")}\" cx=\"{Px(place(dot.X)):0.#}\" cy=\"{Py(dot.Y):0.#}\" "
                    + $"r=\"{(dot.IsBest ? 6 : 4)}\"><title>{Markup.Escape(dot.Words)}</title></circle>"
            );
        }

        return svg.Append("</svg>").ToString();
    }

    private (Func<string, double> Place, IReadOnlyList<(double Share, string Text)> Ticks) Across(List<Dot> dots)
    {
        var numbers = dots.Select(dot => Number(dot.X)).ToList();
        if (numbers.TrueForAll(double.IsFinite) && numbers.Distinct().Count() > 1)
        {
            var (least, most) = (numbers.Min(), numbers.Max());
            var axis = LogarithmicX
                ? Axis.Decades(numbers) with
                {
                    From = least,
                    To = most,
                }
                : Axis.Over(numbers) with
                {
                    From = least,
                    To = most,
                };
            var ticks = axis.Ticks.Where(tick => tick >= least * 0.9999 && tick <= most * 1.0001).ToList();
            var every = LogarithmicX && ticks.Count > MostTicks ? 3 : 1; // of 1, 2 and 5 the first
            return (
                text => axis.Share(Number(text)),
                [
                    .. ticks
                        .Where((_, i) => i % every == 0)
                        .Select(tick => (axis.Share(tick), tick.ToString("0.######", CultureInfo.InvariantCulture))),
                ]
            );
        }

        var names = dots.Select(dot => dot.X).Distinct().ToList();
        double Place(string name) => (names.IndexOf(name) + 0.5) / names.Count;
        return (Place, [.. names.Select(name => (Place(name), name.Length <= LongestName ? name : name[..LongestName] + "…"))]);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
