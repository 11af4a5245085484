namespace ForwardForward.Runtime.Placement;

/// <summary>
/// Cuts the layers into runs of neighbours, one run for each silo, so that the slowest run takes as little time as possible.
/// </summary>
internal static class ContiguousPartition
{
    private const int Halvings = 60; // the time is then as exact as a double

    /// <summary>The fastest silo takes the lowest run: nothing faster in this order.</summary>
    public static int[] FastestFirst(double[] costs, double[] rates) => Cut(costs, rates, (silo, _) => -rates[silo]);

    /// <summary>From the bottom up the silo that its run fills best: the order in which unequal silos waste the least, mostly.</summary>
    public static int[] FullestFirst(double[] costs, double[] rates) => Cut(costs, rates, (_, room) => room);

    private static int[] Cut(double[] costs, double[] rates, Func<int, double, double> order)
    {
        var fastest = Array.IndexOf(rates, rates.Max());
        var best = Enumerable.Repeat(fastest, costs.Length).ToArray();
        var (low, high) = (0.0, costs.Sum() / rates[fastest]);
        for (var i = 0; i < Halvings; i++)
        {
            var limit = (low + high) / 2;
            if (Fill(costs, Array.ConvertAll(rates, rate => rate * limit), order) is { } plan)
            {
                (best, high) = (plan, limit);
            }
            else
            {
                low = limit;
            }
        }

        return best;
    }

    // Each silo takes what goes into it before the next is chosen: the lowest by the order, which sees the room that stays empty. Null
    // where layers are left over.
    private static int[]? Fill(double[] costs, double[] rooms, Func<int, double, double> order)
    {
        var plan = new int[costs.Length];
        var free = Enumerable.Range(0, rooms.Length).ToList();
        for (var layer = 0; layer < plan.Length; )
        {
            var runs = free.Select(silo => (Silo: silo, Run: RunFrom(costs, layer, rooms[silo])))
                .Where(taker => taker.Run.End > layer)
                .ToList();
            if (runs.Count == 0)
            {
                return null;
            }

            var (silo, run) = runs.MinBy(taker => order(taker.Silo, taker.Run.Room));
            plan.AsSpan(layer..run.End).Fill(silo);
            free.Remove(silo);
            layer = run.End;
        }

        return plan;
    }

    private static (int End, double Room) RunFrom(double[] costs, int layer, double room)
    {
        for (; layer < costs.Length && costs[layer] <= room; layer++)
        {
            room -= costs[layer];
        }

        return (layer, room);
    }
}
