namespace ForwardForward.Runtime.Tests.Placement;

/// <summary>Tries every placement there is, in whole numbers: what a plan is compared with.</summary>
internal static class EveryPlacement
{
    private const int CommonMultiple = 30;

    /// <summary>Each a divisor of 30, so that times are whole; any two at least a third apart, so that none count as equal.</summary>
    public static readonly int[] Rates = [1, 2, 3, 5];

    /// <summary>The least time, with it the fewest boundaries, and the first placement with both in the order of silo indexes.</summary>
    public static (int Time, int Boundaries, int[] First) Best(int[] costs, int[] rates)
    {
        var best = (Time: int.MaxValue, Boundaries: int.MaxValue);
        int[] first = [];
        var plan = new int[costs.Length];
        do
        {
            if (Judge(plan, costs, rates) is var judged && judged.CompareTo(best) < 0)
            {
                (best, first) = (judged, [.. plan]);
            }
        } while (Advance(plan, rates.Length));
        return (best.Time, best.Boundaries, first);
    }

    public static (int Time, int Boundaries) Judge(IReadOnlyList<int> plan, int[] costs, int[] rates)
    {
        var times = new int[rates.Length];
        var boundaries = 0;
        for (var layer = 0; layer < costs.Length; layer++)
        {
            times[plan[layer]] += costs[layer] * CommonMultiple / rates[plan[layer]];
            boundaries += layer > 0 && plan[layer] != plan[layer - 1] ? 1 : 0;
        }

        return (times.Max(), boundaries);
    }

    // Counts on as in a number whose digits are the silos, the top layer's the fastest.
    private static bool Advance(int[] plan, int silos)
    {
        for (var layer = plan.Length - 1; layer >= 0; layer--)
        {
            if (++plan[layer] < silos)
            {
                return true;
            }

            plan[layer] = 0;
        }

        return false;
    }
}
