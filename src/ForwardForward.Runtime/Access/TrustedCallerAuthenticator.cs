using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Access;

/// <summary>For a cluster without certificates: believes what a call says of its sender, and takes every client for an operator.</summary>
internal sealed class TrustedCallerAuthenticator : ICallerAuthenticator
{
    private static readonly Caller Client = new(ClusterRole.Operator, "anybody");
    private static readonly Caller Silo = new(ClusterRole.Silo, "silo");

    // A silo's own client, as its HTTP port is one, is named after the silo.
    public ValueTask<Caller?> Of(GrainId? sender) =>
        new(sender is { } id && id.IsClient() && !id.ToString().Contains("hosted", StringComparison.Ordinal) ? Client : Silo);
}
