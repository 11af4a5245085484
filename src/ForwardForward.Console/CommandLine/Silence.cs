namespace ForwardForward.Console.CommandLine;

/// <summary>Says in a line what goes on, where nothing else is to be seen for longer than a person waits without wondering.</summary>
/// <param name="say">Takes the line.</param>
internal sealed class Silence(Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <returns>Ends when what goes on is over; if that is soon, nothing is said.</returns>
    public IDisposable During(string what) => TimeProvider.System.CreateTimer(_ => say(what), null, Patience, Timeout.InfiniteTimeSpan);
}
