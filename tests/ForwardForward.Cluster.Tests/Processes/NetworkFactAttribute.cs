using System.Diagnostics;
using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A fact that needs Redis and network namespaces, which take root and a kernel that has them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = new RedisFactAttribute().Skip ?? new InstalledFactAttribute("ip").Skip ?? (Works() ? null : "Network namespaces cannot be made on this machine.");

    private static bool Works()
    {
        var name = $"ff{Environment.ProcessId}-try";
        return Ip("netns", "add", name) && Ip("-n", name, "link", "add", "switch", "type", "bridge") && Ip("netns", "del", name);
    }

    private static bool Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
