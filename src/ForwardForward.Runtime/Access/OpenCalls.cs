using System.Collections.Concurrent;
using System.Reflection;
using ForwardForward.Contracts.Access;

namespace ForwardForward.Runtime.Access;

/// <summary>Who may make which call.</summary>
internal static class OpenCalls
{
    private static readonly OpenToAttribute SilosOnly = new(ClusterRole.Silo);
    private static readonly OpenToAttribute Everybody = new(ClusterRole.Observer);
    private static readonly ConcurrentDictionary<MethodInfo, OpenToAttribute> Known = [];

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

    public static OpenToAttribute Of(MethodInfo method) =>
        Known.GetOrAdd(
            method,
            static called =>
                called.GetCustomAttribute<OpenToAttribute>()
                ?? called.DeclaringType?.GetCustomAttribute<OpenToAttribute>()
                ?? (OfClients.Contains($"{called.DeclaringType?.Name}.{called.Name}") ? Everybody : SilosOnly)
        );
}
