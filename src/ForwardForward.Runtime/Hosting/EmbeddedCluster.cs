namespace ForwardForward.Runtime.Hosting;

/// <summary>Silos inside this process: real ones, with real TCP between them where there are several.</summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    /// <summary>Talks to the grains of the cluster.</summary>
    public IGrainFactory Grains => throw new InvalidOperationException();

    /// <param name="silos">How many silos.</param>
    /// <param name="dataCacheFolder">Where known data sets are kept.</param>
    public static Task<EmbeddedCluster> Start(int silos, string dataCacheFolder, CancellationToken cancellation = default) => throw new InvalidOperationException();

    public ValueTask DisposeAsync() => throw new InvalidOperationException();
}
