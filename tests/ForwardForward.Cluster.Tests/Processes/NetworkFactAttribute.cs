using ForwardForward.Chaos.Networks;
using ForwardForward.Learning;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact that needs Redis and network namespaces, which take root and a kernel that has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() => Task.Run(Try).GetAwaiter().GetResult());

    public NetworkFactAttribute() => Skip = new RedisFactAttribute().Skip ?? Missing.Value;

    private static async Task<string?> Try()
    {
        try
        {
            await using var network = await NamespaceNetwork.Create(silos: 1);
            return null;
        }
        catch (InvalidInputException e)
        {
            return $"Network namespaces cannot be made on this machine: {e.Message}";
        }
    }
}
