using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Access;

/// <summary>Who makes a call.</summary>
/// <param name="Name">The common name in its certificate.</param>
public sealed record Caller(ClusterRole Role, string Name);
