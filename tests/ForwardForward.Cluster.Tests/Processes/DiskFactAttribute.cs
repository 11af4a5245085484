namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact with disks of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() =>
        Skip = new RedisFactAttribute().Skip ?? (SmallDisk.CanBeMade() ? null : "Disks cannot be mounted on this machine, expected root.");
}
