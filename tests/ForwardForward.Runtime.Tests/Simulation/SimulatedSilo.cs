using System.Net;

namespace ForwardForward.Runtime.Tests.Simulation;

/// <summary>A process: what happens on it stops when it dies, and stands still while it is frozen.</summary>
internal sealed class SimulatedSilo(int number, int incarnation)
{
    public SiloAddress Address { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1000 + number), incarnation);

    public int Number => number;

    public bool IsDead { get; set; }

    public bool IsFrozen { get; set; }

    /// <summary>Whether the cluster takes it for a member.</summary>
    public bool IsActive { get; set; } = true;
}
