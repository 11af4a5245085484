namespace ForwardForward.Runtime.Placement;

/// <summary>Which silo, by its position in a list, takes each layer and the readout; and why, where there was a choice.</summary>
public sealed record PlacementPlan(IReadOnlyList<int> SiloOfLayer, int SiloOfReadout, string Reason)
{
    // Of the last layer's silo: a readout elsewhere gets one more layer's rows over the network.
    private const double WorthAnotherSilo = 0.9;

    /// <summary>
    /// Places the layers so that the slowest silo is done as early as possible, then so that as few neighbours as possible are apart, then
    /// on the first silos. Where one silo has a GPU, those without take nothing. Exact for the layers and silos of usual runs; with many of
    /// both, a good placement that is found in milliseconds.
    /// </summary>
    /// <param name="costs">Of the layers, from the bottom up, in any unit.</param>
    /// <param name="silos">At least one; some take no layer where that is fastest.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no layer or no silo.</exception>
    public static PlacementPlan Compute(IReadOnlyList<double> costs, IReadOnlyList<SiloOffer> silos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(costs.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(silos.Count, 1);
        var taking = Enumerable.Range(0, silos.Count).Where(silo => silos[silo].HasGpu || !silos.Any(other => other.HasGpu)).ToArray();
        var rates = SpeedClasses.Of([.. taking.Select(silo => silos[silo])]);
        double[] layers = [.. costs];
        var best = PlacementSearch.From(FirstGuess.Of(layers, rates), layers, rates);
        return new PlacementPlan(
            Array.ConvertAll(best, silo => taking[silo]),
            taking[OfReadout(best, layers, rates)],
            Explain(best, layers, rates, silos.Count)
        );
    }

    /// <summary>Of a placement: what its slowest silo takes, in the units of the costs by those of the rates.</summary>
    public static double SlowestTime(IEnumerable<int> siloOfLayer, IReadOnlyList<double> costs, IReadOnlyList<SiloOffer> silos) =>
        siloOfLayer
            .Select((silo, i) => (silo, i))
            .GroupBy(place => place.silo)
            .Max(place => place.Sum(layer => costs[layer.i]) / Math.Max(silos[place.Key].Rate, double.Epsilon));

    // Beside the last layer, unless another silo with layers is done with them clearly earlier: the readout's work is small, but the
    // slowest silo sets the pace.
    private static int OfReadout(int[] siloOfLayer, double[] costs, double[] rates)
    {
        double Time(int silo) => siloOfLayer.Zip(costs).Where(layer => layer.First == silo).Sum(layer => layer.Second) / rates[silo];
        var lightest = siloOfLayer.Distinct().MinBy(Time);
        return Time(lightest) < WorthAnotherSilo * Time(siloOfLayer[^1]) ? lightest : siloOfLayer[^1];
    }

    private static string Explain(int[] siloOfLayer, double[] costs, double[] rates, int silos)
    {
        if (silos == 1)
        {
            return "";
        }

        var loads = siloOfLayer
            .Zip(costs)
            .GroupBy(layer => layer.First, layer => layer.Second)
            .ToDictionary(silo => silo.Key, silo => silo.Sum());
        var busiest = loads.MaxBy(silo => silo.Value / rates[silo.Key]);
        var left = silos - rates.Length;
        return $"{costs.Length} {(costs.Length == 1 ? "layer" : "layers")} on {loads.Count} of {silos} "
            + $"silos{(left == 0 ? "" : $" ({left} without a GPU left out)")}; "
            + $"the busiest takes {busiest.Value / costs.Sum():P0} of the work, a perfect split would give it "
            + $"{rates[busiest.Key] / rates.Sum():P0}.";
    }
}
