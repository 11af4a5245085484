using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact with silos that have a core each.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TwoCoresFactAttribute : FactAttribute
{
    public TwoCoresFactAttribute() =>
        Skip =
            new RedisFactAttribute().Skip
            ?? new InstalledFactAttribute("taskset").Skip
            ?? (Environment.ProcessorCount < 2 ? "This machine has one core, expected two." : null);
}
