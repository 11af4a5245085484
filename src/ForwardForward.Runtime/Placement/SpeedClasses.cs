namespace ForwardForward.Runtime.Placement;

/// <summary>Rates that a noisy measurement cannot tell apart, made equal: the same machines get the same plan each time.</summary>
internal static class SpeedClasses
{
    private const double SmallestShareOfTheFastest = 0.8;

    /// <summary>
    /// The fastest silo leads a class of all that are less than 20 % slower than it, the fastest of the others leads the next, and so on.
    /// Everyone counts as its leader, so that only a class's leader decides how it compares with another class.
    /// </summary>
    /// <returns>A rate for each silo; 1 for all where one of them was not measured, since there is nothing to compare it with.</returns>
    public static double[] Of(IReadOnlyList<SiloOffer> silos)
    {
        var classes = new double[silos.Count];
        Array.Fill(classes, 1);
        if (!silos.All(silo => silo.IsMeasured))
        {
            return classes;
        }

        var leader = double.PositiveInfinity;
        foreach (var silo in Enumerable.Range(0, silos.Count).OrderByDescending(silo => silos[silo].Rate))
        {
            leader = silos[silo].Rate > SmallestShareOfTheFastest * leader ? leader : silos[silo].Rate;
            classes[silo] = leader;
        }

        return classes;
    }
}
