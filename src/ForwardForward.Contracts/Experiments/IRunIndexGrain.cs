using Orleans.Concurrency;

namespace ForwardForward.Contracts.Experiments;

/// <summary>The names of a cluster's runs; key: <see cref="Key"/>.</summary>
[Alias("ff.run-index")]
public interface IRunIndexGrain : IGrainWithStringKey
{
    const string Key = "runs";

    Task Add(string run);

    Task Remove(string run);

    /// <summary>In the order they were started.</summary>
    [ReadOnly]
    Task<IReadOnlyList<string>> Names();
}
