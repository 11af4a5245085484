namespace ForwardForward.Console.Comparisons;

/// <summary>What the seeds of a setting came to.</summary>
/// <param name="Deviation">Sample standard deviation; null of one seed, which says nothing of it.</param>
internal sealed record SeedSpread(int Seeds, double Mean, double? Deviation)
{
    /// <returns>Null where there are no values.</returns>
    public static SeedSpread? Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var mean = values.Average();
        return new SeedSpread(
            values.Count,
            mean,
            values.Count == 1 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1))
        );
    }

    /// <summary>
    /// The pooled standard deviation of two settings: the root of their variances' mean, each weighed by its seeds less one.
    /// </summary>
    /// <returns>Null where each has one seed.</returns>
    public static double? Pooled(SeedSpread one, SeedSpread other)
    {
        var degrees = one.Seeds + other.Seeds - 2;
        return degrees == 0 ? null : Math.Sqrt((Squares(one) + Squares(other)) / degrees);
    }

    private static double Squares(SeedSpread spread) => spread.Deviation is { } deviation ? (spread.Seeds - 1) * deviation * deviation : 0;
}
