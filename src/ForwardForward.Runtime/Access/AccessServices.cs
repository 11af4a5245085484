using ForwardForward.Runtime.Connections.Security;
using Microsoft.Extensions.DependencyInjection;

namespace ForwardForward.Runtime.Access;

public static class AccessServices
{
    /// <summary>
    /// Looks at every call to a grain of the silo: by the caller's token where the cluster has certificates, else by what the call says of
    /// itself.
    /// </summary>
    public static ISiloBuilder GuardCalls(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ICallerAuthenticator>(services =>
            services.GetService<Handshake>() is { } handshake
                ? new ProvenCallerAuthenticator(handshake, services.GetRequiredService<TimeProvider>())
                : new TrustedCallerAuthenticator()
        );
        return silo.AddIncomingGrainCallFilter<AuthorizationFilter>();
    }

    /// <summary>Says with every call who makes it.</summary>
    internal static void ShowPasses(this IServiceCollection services, Handshake handshake) =>
        services.AddSingleton<IOutgoingGrainCallFilter>(new CallTokenFilter(handshake, TimeProvider.System));
}
