namespace ForwardForward.Console.Clusters.Local;

/// <summary>A local cluster of one verb's own, beside whatever the user has up; gone with the verb.</summary>
internal sealed class PassingCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("forwardforward-cluster-").FullName;
    private readonly LocalCluster _cluster;

    private PassingCluster() => _cluster = new LocalCluster(_folder);

    /// <summary>HOST:PORT of a gateway.</summary>
    public string Gateway => _cluster.Status().Silos[0].Gateway;

    /// <exception cref="Learning.InvalidInputException">A program is missing.</exception>
    public static async Task<PassingCluster> Start(int silos, CancellationToken cancellation)
    {
        var passing = new PassingCluster();
        try
        {
            await passing._cluster.Up(new LocalClusterRequest(silos), cancellation);
            return passing;
        }
        catch
        {
            await passing.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _cluster.Purge();
}
