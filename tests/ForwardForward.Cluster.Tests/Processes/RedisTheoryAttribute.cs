namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>As <see cref="RedisFactAttribute"/>, in rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisTheoryAttribute : TheoryAttribute
{
    public RedisTheoryAttribute() => Skip = new RedisFactAttribute().Skip;
}
