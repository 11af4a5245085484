namespace ForwardForward.Contracts.Access;

/// <summary>Who may make a call, besides those who may do more. A call without it is for silos alone.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class AllowRoleAttribute(ClusterRole role) : Attribute
{
    public ClusterRole Role { get; } = role;

    /// <summary>Whether every such call is written down: who made it, and what came of it.</summary>
    public bool IsAudited { get; init; }
}
