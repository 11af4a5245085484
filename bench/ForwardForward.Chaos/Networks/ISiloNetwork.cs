using ForwardForward.Client.Processes;

namespace ForwardForward.Chaos.Networks;

/// <summary>Places for silos, and what lies between them. Silos are numbered from 0.</summary>
public interface ISiloNetwork : IAsyncDisposable
{
    bool CanCut { get; }

    /// <summary>The address that silos reach this process's own host by; Redis listens there.</summary>
    string HostAddress { get; }

    /// <summary>A place with ports that are free and were not given before.</summary>
    SiloPlace Place(int silo);

    /// <summary>Lets whatever goes to or comes from a silo vanish.</summary>
    /// <exception cref="NotSupportedException">Where nothing can be cut.</exception>
    Task Cut(int silo);

    /// <summary>Takes back a cut.</summary>
    Task Mend(int silo);
}
