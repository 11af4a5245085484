using ForwardForward.Client.Processes;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact with silo processes, which meet in a Redis of their own, or in the Valkey that FF_REDIS_SERVER names.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisProgram.Found is null ? RedisProgram.Missing : null;
}
