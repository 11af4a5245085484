using ForwardForward.Chaos.Clusters;
using ForwardForward.Chaos.Networks;

namespace ForwardForward.Benchmarks.Transport;

/// <summary>Two silos that can be measured between, beside whatever the user has up; gone with the benchmark.</summary>
public sealed class OwnCluster : IAsyncDisposable
{
    private const int Silos = 2;
    private readonly SupervisedCluster _cluster;

    private OwnCluster(SupervisedCluster cluster) => _cluster = cluster;

    /// <summary>HOST:PORT of a gateway.</summary>
    public string Gateway => _cluster.Silos[0].Place.Gateway;

    /// <exception cref="Learning.InvalidInputException">A program is missing.</exception>
    public static async Task<OwnCluster> Start(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("forwardforward-transport-").FullName;
        try
        {
            return new OwnCluster(await SupervisedCluster.Start(new LoopbackNetwork(), folder, Silos, cancellation, BenchmarkSilo.Program));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_cluster.Folder, recursive: true);
    }
}
