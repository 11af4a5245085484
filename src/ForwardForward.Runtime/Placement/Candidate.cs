namespace ForwardForward.Runtime.Placement;

/// <summary>A placement and what it is judged by.</summary>
/// <param name="SiloOfLayer">From the bottom layer up.</param>
/// <param name="Time">Of the slowest silo: its load over its rate.</param>
/// <param name="Boundaries">Between neighbouring layers on different silos: there the activations cross the network.</param>
internal sealed record Candidate(int[] SiloOfLayer, double Time, int Boundaries)
{
    // Sums of the same costs in another order differ in their last bits.
    private const double Rounding = 1e-9;

    public static Candidate Of(int[] siloOfLayer, double[] costs, double[] rates)
    {
        var times = new double[rates.Length];
        foreach (var (silo, cost) in siloOfLayer.Zip(costs))
        {
            times[silo] += cost / rates[silo];
        }

        return new Candidate(siloOfLayer, times.Max(), siloOfLayer.Skip(1).Zip(siloOfLayer).Count(pair => pair.First != pair.Second));
    }

    /// <summary>The most that a silo may take to be no slower than this.</summary>
    public double TimeLimit => Time * (1 + Rounding);

    public bool IsBeatenBy(double time, int boundaries) => time < Time * (1 - Rounding) || (time <= TimeLimit && boundaries < Boundaries);
}
