using ForwardForward.Learning.Specs;

namespace ForwardForward.Contracts.Stages;

/// <summary>Measures one silo; key: its address.</summary>
[Alias("ff.matrix-rate")]
public interface IMatrixRateGrain : IGrainWithStringKey
{
    /// <summary>What all cores of the silo together reach on nothing but a run's products; takes half a second.</summary>
    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="pixels">Of one picture.</param>
    /// <returns>Floating-point operations per second.</returns>
    Task<double> Measure(ExperimentSpec spec, int pixels);
}
