namespace ForwardForward.Runtime.Placement;

/// <summary>A placement that is found at once and is good though not always the best: what the search starts from.</summary>
internal static class FirstGuess
{
    public static Candidate Of(double[] costs, double[] rates)
    {
        int[][] guesses =
        [
            ContiguousPartition.FastestFirst(costs, rates),
            ContiguousPartition.FullestFirst(costs, rates),
            MaxFirst(costs, rates),
        ];
        return guesses
            .Select(plan => Candidate.Of(plan, costs, rates))
            .Aggregate((best, next) => best.IsBeatenBy(next.Time, next.Boundaries) ? next : best);
    }

    /// <summary>The largest layer first, each on the silo that is then done with it first; without regard to neighbours.</summary>
    public static int[] MaxFirst(double[] costs, double[] rates)
    {
        var plan = new int[costs.Length];
        var loads = new double[rates.Length];
        foreach (var layer in Enumerable.Range(0, costs.Length).OrderByDescending(layer => costs[layer]))
        {
            var silo = Enumerable.Range(0, rates.Length).MinBy(silo => (loads[silo] + costs[layer]) / rates[silo]);
            loads[silo] += costs[layer];
            plan[layer] = silo;
        }

        return plan;
    }
}
