using Orleans.Runtime.Messaging;

namespace ForwardForward.Client;

/// <summary>
/// How long a client tries to come into a cluster: one that is turned away gives up soon, one that only waits for its turn on a busy
/// machine does not.
/// </summary>
public sealed class EntryPatience(TimeProvider time)
{
    /// <summary>With a cluster that turns this client away: its other silos may still start, or be about to go.</summary>
    public static readonly TimeSpan WhenRefused = TimeSpan.FromSeconds(8);

    /// <summary>With one that takes connections and does not say anything.</summary>
    public static readonly TimeSpan WhenSilent = TimeSpan.FromSeconds(25);

    private readonly long _began = time.GetTimestamp();

    /// <summary>Whether somebody hung up on this client.</summary>
    public bool IsRefused { get; private set; }

    /// <returns>Whether to try again after a try that failed.</returns>
    public bool Endures(Exception failure)
    {
        IsRefused |= Says(failure);
        return time.GetElapsedTime(_began) < (IsRefused ? WhenRefused : WhenSilent);
    }

    // A try that ran out of time, or that Orleans put off, says nothing about the cluster.
    private static bool Says(Exception failure) =>
        failure.GetBaseException() is not (TimeoutException or OperationCanceledException or ConnectionFailedException);
}
