using System.Globalization;
using System.Text;

namespace ForwardForward.Console.Reports;

/// <summary>Where the layers were over the run's time: a row per silo, a mark for every checkpoint, a line for every loss.</summary>
internal static class Timeline
{
    private const int Width = 940;
    private const int Left = 90;
    private const int Right = 20;
    private const int Top = 22;
    private const int Row = 34;
    private const int Bottom = 44;

    /// <param name="seconds">Of the whole run.</param>
    public static string Svg(RunRecords records, double seconds)
    {
        var placements = records.Placements;
        if (placements.Count == 0)
        {
            return "<p class=\"none\">Nothing is known of where the layers were: the run had no silos, or its console did not keep it.</p>";
        }

        var axis = Axis.Over([0, Math.Max(seconds, placements[^1].Seconds)]);
        double X(double at) => Left + (axis.Share(at) * (Width - Left - Right));
        var silos = placements
            .SelectMany(placement => placement.Plan.Select(place => place.Silo))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var height = Top + (silos.Count * Row) + Bottom;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"wide\"><svg class=\"timeline\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Silos and "
                + $"layers over time\">"
        );
        for (var i = 0; i < silos.Count; i++)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{Left - 8}\" y=\"{Top + (i * Row) + 20}\" text-anchor=\"end\">{Markup.Escape(silos[i])}</text>"
            );
        }

        for (var i = 0; i < placements.Count; i++)
        {
            var (from, to) = (placements[i].Seconds, i + 1 < placements.Count ? placements[i + 1].Seconds : axis.To);
            foreach (var silo in placements[i].State == "running" ? placements[i].Plan.GroupBy(place => place.Silo) : [])
            {
                var (y, layers) = (Top + (silos.IndexOf(silo.Key) * Row), string.Join(", ", silo.Select(place => place.Layer)));
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"place\" x=\"{X(from):0.#}\" y=\"{y}\" width=\"{Math.Max(1, X(to) - X(from) - 1):0.#}\" "
                        + $"height=\"{Row - 8}\" rx=\"3\"><title>{Markup.Escape(silo.Key)}: layers {layers}, generation "
                        + $"{placements[i].Generation}</title></rect>"
                );
                svg.Append(
                    X(to) - X(from) > 60
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"<text class=\"inside\" x=\"{X(from) + 8:0.#}\" y=\"{y + 18}\">layer {layers}</text>"
                        )
                        : ""
                );
            }

            if (i > 0 && placements[i].Recoveries > placements[i - 1].Recoveries)
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<line class=\"loss\" x1=\"{X(from):0.#}\" x2=\"{X(from):0.#}\" y1=\"{Top - 6}\" "
                        + $"y2=\"{height - Bottom + 4}\"/><text class=\"lost\" x=\"{X(from):0.#}\" y=\"{Top - 9}\" "
                        + $"text-anchor=\"middle\">loss</text>"
                );
            }
        }

        foreach (var checkpoint in records.Checkpoints)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"kept\" x1=\"{X(checkpoint.Seconds):0.#}\" x2=\"{X(checkpoint.Seconds):0.#}\" "
                    + $"y1=\"{height - Bottom}\" y2=\"{height - Bottom + 7}\"><title>checkpoint of slot "
                    + $"{checkpoint.Slot}</title></line>"
            );
        }

        foreach (var tick in axis.Ticks)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{X(tick):0.#}\" y=\"{height - 20}\" text-anchor=\"middle\">{tick:#,0.##}</text>"
            );
        }

        return svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{(Left + Width - Right) / 2}\" y=\"{height - 4}\" text-anchor=\"middle\">seconds; "
                    + $"small marks are checkpoints</text></svg></div>"
            )
            .ToString();
    }
}
