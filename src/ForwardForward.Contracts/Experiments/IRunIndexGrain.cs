using ForwardForward.Contracts.Access;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Experiments;

/// <summary>The names of a cluster's runs; key: <see cref="Key"/>.</summary>
[Alias("ff.run-index")]
public interface IRunIndexGrain : IGrainWithStringKey
{
    const string Key = "runs";

    Task Add(string run);

    Task Remove(string run);

    /// <summary>The run is done or has failed.</summary>
    Task Over(string run);

    /// <summary>In the order they were started.</summary>
    [ReadOnly, AllowRole(ClusterRole.Observer)]
    Task<IReadOnlyList<string>> Names();

    /// <summary>The cluster's storage has lost what it held: writes the names again.</summary>
    Task WriteAgain();

    /// <summary>Those that are not over, as far as is known.</summary>
    [ReadOnly]
    Task<IReadOnlyList<string>> Unfinished();
}
