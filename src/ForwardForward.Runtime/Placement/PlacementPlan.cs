namespace ForwardForward.Runtime.Placement;

/// <summary>Which silo, by its position in a list, takes each layer; and why.</summary>
public sealed record PlacementPlan(IReadOnlyList<int> SiloOfLayer, string Reason)
{
    /// <summary>
    /// Cuts the layers into runs of neighbours, one run for each silo, so that the largest run costs as little as possible. Silos are
    /// taken to be equally fast.
    /// </summary>
    /// <param name="costs">Of the layers, from the bottom up, in any unit.</param>
    /// <param name="silos">How many there are; with more silos than layers some take none.</param>
    public static PlacementPlan Compute(IReadOnlyList<double> costs, IReadOnlyList<SiloOffer> offers)
    {
        var silos = offers.Count;
        var (low, high) = (costs.Max(), costs.Sum());
        var best = Cut(costs, high);
        foreach (var limit in Sums(costs).Where(sum => sum >= low && sum <= high).Order())
        {
            best = Cut(costs, limit);
            if (best[^1] < silos)
            {
                high = limit;
                break;
            }
        }

        var used = best[^1] + 1;
        return new PlacementPlan(best, $"{costs.Count} layers on {used} of {silos} silos; the largest load is {high / costs.Sum():P0} of the work.");
    }

    // Fills a silo up to the limit before it goes on to the next.
    private static int[] Cut(IReadOnlyList<double> costs, double limit)
    {
        var plan = new int[costs.Count];
        double load = 0;
        for (int layer = 0, silo = 0; layer < plan.Length; layer++)
        {
            if (layer > 0 && load + costs[layer] > limit)
            {
                (silo, load) = (silo + 1, 0);
            }

            load += costs[layer];
            plan[layer] = silo;
        }

        return plan;
    }

    private static IEnumerable<double> Sums(IReadOnlyList<double> costs)
    {
        for (var first = 0; first < costs.Count; first++)
        {
            double sum = 0;
            for (var last = first; last < costs.Count; last++)
            {
                yield return sum += costs[last];
            }
        }
    }
}
