using ForwardForward.Learning.Specs;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Stages;

/// <summary>What one silo is asked about itself; key: its address.</summary>
[Alias("ff.silo")]
internal interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Answers when the silo knows at least this version of the cluster's membership.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task Know(MembershipVersion membership);

    /// <summary>What all cores of the silo together reach on nothing but a run's products; takes half a second.</summary>
    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="pixels">Of one picture.</param>
    /// <returns>Floating-point operations per second; no number where the machine is busy.</returns>
    Task<double> Measure(ExperimentSpec spec, int pixels);
}
