using ForwardForward.Contracts.Access;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Experiments;

/// <summary>
/// The last status of some runs that are over: who lists runs has many with one call, and none of their coordinators is brought up.
/// </summary>
[Alias("ff.run-shelf")]
public interface IRunShelfGrain : IGrainWithIntegerKey
{
    /// <summary>Most runs of a shelf: a message of them stays far below a mebibyte.</summary>
    const int Runs = 50;

    Task Put(RunStatus last);

    [ReadOnly, AllowRole(ClusterRole.Observer)]
    Task<IReadOnlyList<RunStatus>> Statuses();

    /// <summary>The cluster's storage has lost what it held: writes the statuses again.</summary>
    Task WriteAgain();
}
