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

    /// <summary>
    /// Has the silo's own log say what it has of a run, for who reads that log and no other; whether it does is nothing to the run.
    /// </summary>
    /// <param name="what">As in "has layers 1-2 from slot 701 on".</param>
    [AlwaysInterleave, OneWay]
    Task Say(string run, int generation, string what);

    /// <summary>What all cores of the silo together reach on nothing but a run's products; takes half a second.</summary>
    /// <param name="spec">Its precision must be resolved.</param>
    /// <param name="pixels">Of one picture.</param>
    /// <returns>Floating-point operations per second; no number where the machine is busy.</returns>
    Task<double> Measure(ExperimentSpec spec, int pixels);
}
