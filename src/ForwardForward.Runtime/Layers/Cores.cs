namespace ForwardForward.Runtime.Layers;

/// <summary>Lets as many layers of this process compute at a time as it has cores: more of them would be at work by turns, each time with a cache that holds another one's rows and weights.</summary>
internal static class Cores
{
    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    /// <summary>Waits for a core, and works on it. The work must not wait for that of another layer.</summary>
    /// <exception cref="OperationCanceledException">Before a core was free.</exception>
    public static T On<T>(Func<T> work, CancellationToken cancellation)
    {
        Free.Wait(cancellation);
        try
        {
            return work();
        }
        finally
        {
            Free.Release();
        }
    }
}
