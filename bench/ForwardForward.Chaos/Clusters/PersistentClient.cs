using System.Diagnostics;
using ForwardForward.Client;
using ForwardForward.Learning;

namespace ForwardForward.Chaos.Clusters;

/// <summary>
/// A client that outlives whatever it talks to: it asks again, and connects anew where that does not help. For one caller at a time.
/// </summary>
/// <param name="redis">HOST:PORT of the cluster's Redis.</param>
public sealed class PersistentClient(string redis) : IAsyncDisposable
{
    private const int FailuresOfAConnection = 3;
    private static readonly TimeSpan MaxTry = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private ClusterConnection? _connection;

    /// <param name="ask">May be called several times.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <param name="longestTry">Null: six seconds.</param>
    /// <exception cref="ClusterUnreachableException">Nobody answered for three minutes.</exception>
    /// <exception cref="InvalidInputException">The cluster's own answer.</exception>
    public async Task<T> Ask<T>(Func<IGrainFactory, Task<T>> ask, CancellationToken cancellation, TimeSpan? longestTry = null)
    {
        var silence = Stopwatch.StartNew();
        for (var failures = 1; ; failures++)
        {
            try
            {
                _connection ??= await ClusterConnection.Connect(redis, ClusterConnection.DefaultClusterId, cancellation);
                return await ask(_connection.Grains).WaitAsync(longestTry ?? MaxTry, cancellation);
            }
            catch (Exception e) when (e is not InvalidInputException && !cancellation.IsCancellationRequested)
            {
                if (silence.Elapsed > MaxSilence)
                {
                    throw new ClusterUnreachableException(
                        $"The cluster has not answered for {MaxSilence.TotalSeconds:0} s ({e.GetType().Name}: "
                            + $"{e.Message.ReplaceLineEndings(" ")}).",
                        e
                    );
                }
            }

            if (failures % FailuresOfAConnection == 0)
            {
                await DisposeAsync();
            }

            await Task.Delay(Pace, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().AsTask().WaitAsync(CloseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
