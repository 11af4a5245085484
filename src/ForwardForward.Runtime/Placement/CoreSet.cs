namespace ForwardForward.Runtime.Placement;

/// <summary>Names the cores that a process may use, the same in every container of a machine.</summary>
internal static class CoreSet
{
    private const string Boot = "/proc/sys/kernel/random/boot_id";
    private const string Status = "/proc/self/status";
    private const string Allowed = "Cpus_allowed_list:";

    public static string OfThisProcess() =>
        File.Exists(Boot) && File.Exists(Status) ? $"{File.ReadAllText(Boot).Trim()}/{AllowedCores()}" : Environment.MachineName;

    private static string AllowedCores() =>
        File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Allowed, StringComparison.Ordinal))?[Allowed.Length..].Trim()
        ?? "all";
}
