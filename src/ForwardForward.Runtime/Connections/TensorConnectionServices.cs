using ForwardForward.Runtime.Membership;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Runtime.Connections;

internal static class TensorConnectionServices
{
    /// <summary>Puts our connections where Orleans has registered its own, under keys that it does not name.</summary>
    public static void UseTensorConnections(this IServiceCollection services)
    {
        foreach (var theirs in services.Where(service => service.IsKeyedService && IsConnectionService(service.ServiceType)).ToList())
        {
            services.Remove(theirs);
            services.Add(new ServiceDescriptor(
                theirs.ServiceType,
                theirs.ServiceKey,
                (provider, _) => theirs.ServiceType == typeof(IConnectionFactory) ? new TensorConnectionFactory(provider.GetRequiredService<DeathWatch>().Lost) : new TensorConnectionListenerFactory(),
                ServiceLifetime.Singleton));
        }
    }

    private static bool IsConnectionService(Type type) => type == typeof(IConnectionFactory) || type == typeof(IConnectionListenerFactory);
}
