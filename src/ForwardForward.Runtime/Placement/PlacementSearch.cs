namespace ForwardForward.Runtime.Placement;

/// <summary>
/// Branch and bound over the layers from the bottom up. It finds the smallest time of the slowest silo, among those placements the fewest
/// boundaries, and among those the first in the order of silo indexes from the bottom layer up.
/// </summary>
internal sealed class PlacementSearch
{
    /// <summary>Silos that are looked at, for one layer or another, before the best so far has to do: some milliseconds.</summary>
    private const int MaxLooks = 1_600_000;

    private readonly double[] _costs;
    private readonly double[] _rates;
    private readonly double[] _loads;
    private readonly int[] _equalBefore;
    private readonly int[] _plan;
    private readonly int[] _boundariesAbove;
    private Candidate _best;
    private int _looks;

    private PlacementSearch(double[] costs, double[] rates, Candidate guess)
    {
        _costs = costs;
        _rates = rates;
        _loads = new double[rates.Length];
        _plan = new int[costs.Length];
        _boundariesAbove = new int[costs.Length];
        _equalBefore = [.. rates.Select((rate, silo) => silo == 0 ? -1 : Array.LastIndexOf(rates, rate, silo - 1))];
        _best = guess with { Boundaries = guess.Boundaries + 1 }; // so that its equals are found too, and the first of them stands
        CountBoundariesAbove();
    }

    /// <param name="guess">What stands if the search ends before it finds one as good.</param>
    /// <returns>The silo of each layer.</returns>
    public static int[] From(Candidate guess, double[] costs, double[] rates)
    {
        var search = new PlacementSearch(costs, rates, guess);
        search.Place(0, 0, 0);
        return search._best.SiloOfLayer;
    }

    private void Place(int layer, double time, int boundaries)
    {
        if (layer == _plan.Length)
        {
            _best = new Candidate([.. _plan], time, boundaries);
            CountBoundariesAbove();
            return;
        }

        for (var silo = 0; silo < _rates.Length && _looks < MaxLooks; silo++, _looks++)
        {
            var load = _loads[silo];
            var slowest = Math.Max(time, (load + _costs[layer]) / _rates[silo]);
            var crossed = boundaries + (layer > 0 && _plan[layer - 1] != silo ? 1 : 0);
            if (HasEmptyTwinBefore(silo) || !_best.IsBeatenBy(slowest, crossed + _boundariesAbove[layer]))
            {
                continue;
            }

            _plan[layer] = silo;
            _loads[silo] = load + _costs[layer];
            Place(layer + 1, slowest, crossed);
            _loads[silo] = load;
        }
    }

    // Equal silos that are both empty lead to the same placements but for their names: only the first is tried.
    private bool HasEmptyTwinBefore(int silo) => _loads[silo] == 0 && _equalBefore[silo] is >= 0 and var twin && _loads[twin] == 0;

    // The fewest boundaries above each layer, were every silo the fastest and empty: from below, a run of neighbours that is as long as the
    // time of the best allows is never worse than a shorter one.
    private void CountBoundariesAbove()
    {
        var limit = _best.TimeLimit * _rates.Max();
        for (var layer = _costs.Length - 1; layer >= 0; layer--)
        {
            var (load, next) = (0.0, layer);
            while (next < _costs.Length && load + _costs[next] <= limit)
            {
                load += _costs[next++];
            }

            _boundariesAbove[layer] = next == _costs.Length ? 0 : 1 + _boundariesAbove[next];
        }
    }
}
