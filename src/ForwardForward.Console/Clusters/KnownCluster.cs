using ForwardForward.Client;

namespace ForwardForward.Console.Clusters;

/// <summary>The cluster that a verb may ask beside what is here.</summary>
/// <param name="Connection">Null where there is none, or it does not answer.</param>
/// <param name="Silent">HOST:PORT of one that does not answer; null where there is none.</param>
internal sealed record KnownCluster(ClusterConnection? Connection, string? Silent) : IAsyncDisposable
{
    /// <summary>Names of its runs; none where it cannot be asked.</summary>
    public async Task<IReadOnlyList<string>> Names() => Connection is { } there ? await new ClusterRuns(there).Names() : [];

    public ValueTask DisposeAsync() => Connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
