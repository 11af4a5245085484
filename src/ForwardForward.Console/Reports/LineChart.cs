using System.Globalization;
using System.Text;
using System.Text.Json;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Reports;

/// <param name="Name">At its end; empty: the line stays behind those that have one.</param>
/// <param name="Color">A name of the style sheet's: series-1 and so on, or faint.</param>
/// <param name="IsDashed">For the lesser of two that belong together.</param>
internal sealed record Series(string Name, string Color, IReadOnlyList<(double X, double Y)> Points, bool IsDashed = false);

/// <summary>Lines over time as SVG, each named at its end; the page's script shows values under the pointer.</summary>
/// <param name="XUnit">Behind values of x, as in "epoch" or "s".</param>
/// <param name="Percent">Whether y are shares.</param>
/// <param name="Logarithmic">Whether y grow tenfold from line to line.</param>
internal sealed record LineChart(string Title, string XUnit, IReadOnlyList<Series> Series, bool Percent = false, bool Logarithmic = false)
{
    private const int Width = 460;
    private const int Height = 260;
    private const int Left = 48;
    private const int Right = 86;
    private const int Top = 12;
    private const int Bottom = 34;
    private const int MaxPoints = 300;
    private const double NameHeight = 14;
    private const int MaxNames = (int)((Height - Top - Bottom) / NameHeight);
    private readonly IReadOnlyList<Series> _series =
    [
        .. Series.Where(line => line.Points.Count > 0).OrderBy(line => line.Name.Length > 0).Select(Thinned),
    ];

    public string Svg()
    {
        var points = _series.SelectMany(line => line.Points).Where(point => !Logarithmic || point.Y > 0).ToList();
        if (points.Count == 0)
        {
            return "<p class=\"none\">Nothing was measured.</p>";
        }

        var (x, y) = (
            Axis.Over(points.Select(point => point.X)),
            Logarithmic ? Axis.Decades(points.Select(point => point.Y)) : Axis.Over(points.Select(point => point.Y).Append(0))
        );
        double Px(double value) => Left + (x.Share(value) * (Width - Left - Right));
        double Py(double value) => Height - Bottom - (y.Share(value) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Markup.Escape(Title)}\" "
                + $"data-chart=\"{Markup.Escape(Values(x))}\">"
        );
        foreach (var tick in y.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"rule\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Py(tick):0.#}\" y2=\"{Py(tick):0.#}\"/><text "
                    + $"class=\"tick\" x=\"{Left - 6}\" y=\"{Py(tick) + 4:0.#}\" text-anchor=\"end\">{YText(tick)}</text>"
            );
        }

        foreach (var tick in x.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{Px(tick):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{tick:#,0.##}</text>"
            );
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"tick\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 3}\" "
                + $"text-anchor=\"middle\">{Markup.Escape(XUnit)}</text>"
        );
        var labels = Places(_series.Where(HasName).Select(line => Py(Shown(line).LastOrDefault(line.Points[^1]).Y)).ToList());
        var behind = _series.Count(line => !HasName(line));
        for (var i = 0; i < _series.Count; i++)
        {
            var path = string.Join(
                ' ',
                Shown(_series[i]).Select(point => string.Create(CultureInfo.InvariantCulture, $"{Px(point.X):0.#},{Py(point.Y):0.#}"))
            );
            var (endX, endY) = Shown(_series[i]).LastOrDefault(_series[i].Points[^1]);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<circle class=\"line {_series[i].Color}\" cx=\"{Px(endX):0.#}\" cy=\"{Py(endY):0.#}\" r=\"1.5\"/>"
            ); // a single value is no line
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline class=\"line {_series[i].Color}{(_series[i].IsDashed ? " dashed" : "")}\" points=\"{path}\"/>"
            );
            svg.Append(
                HasName(_series[i]) && labels[i - behind] is { } label
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"<text class=\"name {_series[i].Color}\" x=\"{Width - Right + 6}\" "
                            + $"y=\"{label + 4:0.#}\">{Markup.Escape(_series[i].Name)}</text>"
                    )
                    : ""
            );
        }

        return svg.Append("<line class=\"pointer\" y1=\"12\" y2=\"226\"/></svg>").ToString();
    }

    /// <summary>The chart as a file of its own, in the page's colors.</summary>
    public string File() =>
        Svg()
            .Replace("<svg class", "<svg xmlns=\"http://www.w3.org/2000/svg\" class", StringComparison.Ordinal)
            .Replace("</svg>", $"<style>{PageFrame.Resource("report.css")}</style></svg>\n", StringComparison.Ordinal);

    private IEnumerable<(double X, double Y)> Shown(Series line) => Logarithmic ? line.Points.Where(point => point.Y > 0) : line.Points;

    private string YText(double value) =>
        Percent
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.##} %")
            : value.ToString(value >= 10_000 ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    // What the script needs to find a value under the pointer.
    private string Values(Axis x) =>
        JsonSerializer.Serialize(
            new
            {
                unit = XUnit,
                percent = Percent,
                left = (double)Left / Width,
                right = (double)(Width - Right) / Width,
                from = x.From,
                to = x.To,
                series = _series
                    .Where(HasName)
                    .Select(line => new { line.Name, points = line.Points.Select(point => new[] { Rounded(point.X), Rounded(point.Y) }) }),
            },
            Json.OneLine
        );

    private static bool HasName(Series line) => line.Name.Length > 0;

    private static double Rounded(double value) =>
        double.IsFinite(value) && value != 0 ? Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12)) : 0;

    private static Series Thinned(Series line)
    {
        var finite = line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
        var every = (finite.Count + MaxPoints - 1) / MaxPoints;
        return line with { Points = every <= 1 ? finite : [.. finite.Where((_, i) => i % every == 0 || i == finite.Count - 1)] };
    }

    private static IReadOnlyList<double?> Places(List<double> wanted) => wanted.Count > MaxNames ? Sparse(wanted) : Apart(wanted);

    // Names of lines that end close to each other make room.
    private static List<double?> Apart(List<double> wanted)
    {
        var places = new double[wanted.Count];
        var last = double.NegativeInfinity;
        foreach (var i in Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]))
        {
            places[i] = last = Math.Max(wanted[i], last + NameHeight);
        }

        var over = Math.Max(0, last - (Height - Bottom));
        return [.. places.Select(place => (double?)(place - over))];
    }

    // Where there are more than there is room for, the lowest have theirs, and of the others those that stand clear.
    private static double?[] Sparse(List<double> wanted)
    {
        var places = new double?[wanted.Count];
        var last = double.PositiveInfinity;
        foreach (var i in Enumerable.Range(0, wanted.Count).OrderByDescending(i => wanted[i]).Where(i => wanted[i] <= last - NameHeight))
        {
            places[i] = last = wanted[i];
        }

        return places;
    }
}
