namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A theory with disks of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskTheoryAttribute : TheoryAttribute
{
    public DiskTheoryAttribute() => Skip = new RedisFactAttribute().Skip ?? (SmallDisk.CanBeMade() ? null : "Disks cannot be mounted on this machine, expected root.");
}
