namespace ForwardForward.Client;

/// <summary>Asks a cluster through the loss of a silo: what was asked of one that is gone is asked again until another answers.</summary>
public static class LostSilo
{
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    /// <param name="cluster">For the sentence.</param>
    /// <param name="ask">May be called several times.</param>
    /// <exception cref="ClusterUnreachableException">Nobody answered for a minute.</exception>
    public static Task<T> Outlast<T>(ClusterConnection cluster, Func<Task<T>> ask) =>
        Outlast($"The cluster at {cluster.Address} has not answered for a minute; its runs may go on without this client.", ask);

    /// <param name="silence">What is said of a minute without an answer.</param>
    /// <param name="ask">May be called several times.</param>
    /// <param name="time">Null: the system's.</param>
    /// <exception cref="ClusterUnreachableException">Nobody answered for a minute.</exception>
    public static async Task<T> Outlast<T>(string silence, Func<Task<T>> ask, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        // since the first answer that failed to come: while it was waited for, this process may have been held still for hours
        long? unanswered = null;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e)
                when (e
                        is TimeoutException
                            or OrleansMessageRejectionException
                            or SiloUnavailableException
                            or Orleans.Runtime.Messaging.ConnectionFailedException
                            or OperationCanceledException
                )
            {
                unanswered ??= time.GetTimestamp();
                if (time.GetElapsedTime(unanswered.Value) > MaxSilence)
                {
                    throw new ClusterUnreachableException(silence, e);
                }
            }

            await Task.Delay(Pace);
        }
    }
}
