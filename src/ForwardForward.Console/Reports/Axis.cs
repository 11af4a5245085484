namespace ForwardForward.Console.Reports;

/// <summary>The values that an axis shows, and where lines help the eye.</summary>
internal sealed record Axis(double From, double To, IReadOnlyList<double> Ticks, bool IsLogarithmic = false)
{
    private const int Lines = 4;
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];
    private static readonly double[] PerDecade = [1, 2, 5];

    /// <summary>From the smallest to the largest, with lines at round values.</summary>
    public static Axis Over(IEnumerable<double> values)
    {
        var all = values.ToList();
        var (least, most) = (all.Min(), all.Max());
        var span = most > least ? most - least : Math.Max(1e-9, Math.Abs(most));
        var rough = span / Lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = RoundSteps.Select(factor => factor * power).First(size => size >= rough * 0.999);
        var (from, to) = (Math.Min(least, Math.Floor(least / step) * step), Math.Max(most, least + span));
        var first = Math.Ceiling((from / step) - 1e-9);
        return new Axis(
            from,
            to,
            [.. Enumerable.Range(0, Lines + 3).Select(i => (first + i) * step).TakeWhile(tick => tick <= to + (step * 1e-6))]
        );
    }

    /// <summary>Positive values, a line wherever they have grown tenfold, twofold and fivefold.</summary>
    public static Axis Decades(IEnumerable<double> values)
    {
        var positive = values.Where(value => value > 0).ToList();
        var ticks = Enumerable.Range(-9, 19).SelectMany(power => PerDecade.Select(factor => factor * Math.Pow(10, power))).ToList();
        var (from, to) = (ticks.Last(tick => tick <= positive.Min() * 1.0001), ticks.First(tick => tick >= positive.Max() * 0.9999));
        to = to > from ? to : from * 2;
        return new Axis(from, to, [.. ticks.Where(tick => tick >= from && tick <= to)], IsLogarithmic: true);
    }

    /// <returns>0 at the start to 1 at the end.</returns>
    public double Share(double value) => IsLogarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);
}
