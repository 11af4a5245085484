namespace ForwardForward.Runtime.Experiments;

/// <summary>Keeps a run's record. Of two coordinators only the one that wrote last can write.</summary>
internal interface IRunStore
{
    /// <summary>Whether something is not written yet.</summary>
    bool IsDirty { get; }

    /// <summary>What the record holds has changed.</summary>
    void Mark();

    /// <summary>The first write, which makes the name this run's.</summary>
    /// <exception cref="InvalidOperationException">The storage does not answer; the message is one sentence.</exception>
    Task Claim();

    /// <summary>Writes what has changed, if the storage answers.</summary>
    /// <exception cref="RunTakenOverException">Another coordinator has written.</exception>
    Task Flush();

    /// <summary>The run is over, and nobody needs to look after it.</summary>
    Task Retire();

    /// <summary>As if the run had never been.</summary>
    Task Clear();
}

/// <summary>Another activation coordinates the run now.</summary>
internal sealed class RunTakenOverException(string message, Exception? inner = null) : Exception(message, inner);
