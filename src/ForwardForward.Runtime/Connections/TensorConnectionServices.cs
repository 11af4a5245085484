using System.Net;
using ForwardForward.Contracts.Access;
using ForwardForward.Runtime.Access;
using ForwardForward.Runtime.Connections.Security;
using ForwardForward.Runtime.Membership;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ForwardForward.Runtime.Connections;

public static class TensorConnectionServices
{
    /// <summary>
    /// Lets only members of the cluster in, and encrypts what they say: silos at the port of silos, everybody with a certificate at the
    /// gateway.
    /// </summary>
    public static ISiloBuilder UseTls(this ISiloBuilder silo, Handshake handshake)
    {
        silo.Services.AddSingleton(handshake);
        silo.Services.ShowPasses(handshake);
        return silo;
    }

    /// <summary>Takes messages as large as silos send, and shows a certificate where silos want to know who comes, and who calls.</summary>
    /// <param name="handshake">Null: they do not, and Orleans' own connections do.</param>
    public static IClientBuilder UseConnections(this IClientBuilder client, Handshake? handshake)
    {
        MessageLimit.TakeOver<ClientMessagingOptions>(client.Services);
        if (handshake is null)
        {
            return client;
        }

        client.Services.ShowPasses(handshake);
        client.Services.Replace(
            _ => new TensorConnectionFactory(_ => { }, handshake),
            _ => throw new NotSupportedException("A client listens to nobody.")
        );
        return client;
    }

    /// <summary>Puts our connections where Orleans has registered its own, under keys that it does not name.</summary>
    internal static void UseTensorConnections(this IServiceCollection services)
    {
        MessageLimit.TakeOver<SiloMessagingOptions>(services);
        services.Replace(
            provider => new TensorConnectionFactory(provider.GetRequiredService<DeathWatch>().Lost, provider.GetService<Handshake>()),
            Listeners
        );
    }

    private static TensorConnectionListenerFactory Listeners(IServiceProvider provider)
    {
        if (provider.GetService<Handshake>() is not { } handshake)
        {
            return new TensorConnectionListenerFactory();
        }

        var gateway = provider.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort;
        var logger = provider.GetRequiredService<ILogger<SecureConnectionListener>>();
        return new TensorConnectionListenerFactory(socket => new SecureConnectionListener(
            socket,
            handshake,
            role => role == ClusterRole.Silo || ((IPEndPoint)socket.LocalEndPoint!).Port == gateway,
            logger
        ));
    }

    private static void Replace(
        this IServiceCollection services,
        Func<IServiceProvider, IConnectionFactory> factory,
        Func<IServiceProvider, IConnectionListenerFactory> listeners
    )
    {
        foreach (var theirs in services.Where(service => service.IsKeyedService && IsConnectionService(service.ServiceType)).ToList())
        {
            services.Remove(theirs);
            services.Add(
                new ServiceDescriptor(
                    theirs.ServiceType,
                    theirs.ServiceKey,
                    (provider, _) => theirs.ServiceType == typeof(IConnectionFactory) ? factory(provider) : listeners(provider),
                    ServiceLifetime.Singleton
                )
            );
        }
    }

    private static bool IsConnectionService(Type type) => type == typeof(IConnectionFactory) || type == typeof(IConnectionListenerFactory);
}
