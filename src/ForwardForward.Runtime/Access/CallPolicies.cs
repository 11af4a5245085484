using System.Collections.Concurrent;
using System.Reflection;
using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Access;

/// <summary>Who may make which call.</summary>
internal static class CallPolicies
{
    private static readonly AllowRoleAttribute SilosOnly = new(ClusterRole.Silo);
    private static readonly AllowRoleAttribute Everybody = new(ClusterRole.Observer);
    private static readonly ConcurrentDictionary<MethodInfo, AllowRoleAttribute> Known = [];

    // What Orleans' own client asks silos to work at all, how the console finds the other gateways, and what its benchmarks look for.
    private static readonly HashSet<string> OfClients =
    [
        "IClusterManifestSystemTarget.GetClusterManifest",
        "IClusterManifestSystemTarget.GetClusterManifestUpdate",
        "IManagementGrain.GetDetailedHosts",
        "IManagementGrain.GetHosts",
        "IManagementGrain.GetActivationAddress",
    ];

    /// <summary>
    /// Whether it is a grain's own timer: no call of anybody, though it takes a call's way. Sent by somebody it would find no timer to
    /// ring.
    /// </summary>
    public static bool IsTimer(MethodInfo method) => method.DeclaringType?.Name == "IGrainTimerInvoker";

    public static AllowRoleAttribute Of(MethodInfo method) =>
        Known.GetOrAdd(
            method,
            static called =>
                called.GetCustomAttribute<AllowRoleAttribute>()
                ?? called.DeclaringType?.GetCustomAttribute<AllowRoleAttribute>()
                ?? (OfClients.Contains($"{called.DeclaringType?.Name}.{called.Name}") ? Everybody : SilosOnly)
        );
}
