using ForwardForward.Contracts.Access;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Experiments;

/// <summary>A run in the index.</summary>
/// <param name="Shelf">
/// Key of the <see cref="IRunShelfGrain"/> that keeps its last status; null: it is not over, or of an earlier version.
/// </param>
[GenerateSerializer, Immutable, Alias("ff.listed-run")]
public sealed record ListedRun([property: Id(0)] string Run, [property: Id(1)] int? Shelf);

/// <summary>The names of a cluster's runs; key: <see cref="Key"/>.</summary>
[Alias("ff.run-index")]
public interface IRunIndexGrain : IGrainWithStringKey
{
    const string Key = "runs";

    Task Add(string run);

    Task Remove(string run);

    /// <summary>The run is done or has failed.</summary>
    /// <param name="last">Its status, which changes no more.</param>
    Task Over(RunStatus last);

    /// <summary>As <see cref="Names"/>, with where those that are over are kept.</summary>
    [ReadOnly, AllowRole(ClusterRole.Observer)]
    Task<IReadOnlyList<ListedRun>> List();

    /// <summary>In the order they were started.</summary>
    [ReadOnly, AllowRole(ClusterRole.Observer)]
    Task<IReadOnlyList<string>> Names();

    /// <summary>The cluster's storage has lost what it held: writes the names again.</summary>
    Task WriteAgain();

    /// <summary>Those that are not over, as far as is known.</summary>
    [ReadOnly]
    Task<IReadOnlyList<string>> Unfinished();
}
