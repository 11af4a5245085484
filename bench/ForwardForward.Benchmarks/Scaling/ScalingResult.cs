namespace ForwardForward.Benchmarks.Scaling;

/// <summary>How much faster several silos are than one.</summary>
/// <param name="Silos">That take layers; processes on a core each, or timed stages in this process.</param>
/// <param name="Speedup">Over one silo that does the same work.</param>
/// <param name="BalanceBound">Sum of the stages' costs / cost of the silo with the most: no pipeline of these stages is faster.</param>
/// <param name="Ratio">Speed-up / bound.</param>
/// <param name="Simulated">Whether stages waited for as long as they were told instead of computing.</param>
public sealed record ScalingResult(int Silos, double Speedup, double BalanceBound, double Ratio, bool Simulated)
{
    /// <summary>How the layer that takes most time is shared; empty where all take the same.</summary>
    public string Layers { get; init; } = "";

    public static ScalingResult Of(int silos, double speedup, double bound, bool simulated) =>
        new(silos, speedup, bound, speedup / bound, simulated);
}
