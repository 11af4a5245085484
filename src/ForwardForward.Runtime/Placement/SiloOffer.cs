namespace ForwardForward.Runtime.Placement;

/// <summary>What a silo offers to a run.</summary>
/// <param name="Device">"cpu" or "cuda": kernels of a run must be the same everywhere, so a run never mixes them.</param>
/// <param name="Rate">
/// Floating-point operations per second for the run's precision; in any unit, since only ratios count; 0 where it was not measured.
/// </param>
public sealed record SiloOffer(string Device, double Rate)
{
    public bool HasGpu => Device != "cpu";

    public bool IsMeasured => Rate > 0 && double.IsFinite(Rate);
}
