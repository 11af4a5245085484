namespace ForwardForward.Learning.Devices;

/// <summary>What a run made of the matrix rate of its cores.</summary>
/// <param name="Value">0 to 1; null where nothing was measured, or what was measured is no limit.</param>
/// <param name="LeftOut">Why it is null although something was measured, as the rest of a sentence.</param>
internal readonly record struct MatrixRateShare(double? Value, string? LeftOut)
{
    public const string WasBusy = "the machine was busy while its matrix rate was measured";
    public const string WasSlower = "the machine was slower while its matrix rate was measured than in the run";

    /// <param name="operations">Floating-point operations of the run's products so far.</param>
    /// <param name="seconds">That it took.</param>
    /// <param name="rate">
    /// Operations per second that were measured; 0 where they were not, <see cref="double.NaN"/> where the machine was busy
    /// (<see cref="MatrixRate.MeasureUnlessBusy"/>).
    /// </param>
    public static MatrixRateShare Of(double operations, double seconds, double rate) =>
        double.IsNaN(rate) ? new(null, WasBusy)
        : rate <= 0 || seconds <= 0 ? default
        : operations / (seconds * rate) is <= 1 and var share ? new(share, null)
        : new(null, WasSlower);
}
