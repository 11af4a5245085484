using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact with silo processes, the Redis that they meet in and a Prometheus that reads them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ObservedFactAttribute : FactAttribute
{
    public ObservedFactAttribute() => Skip = Missing;

    public static string? Missing => new RedisFactAttribute().Skip ?? new InstalledFactAttribute("prometheus").Skip;
}
