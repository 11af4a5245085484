namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>A fact that needs a program of the machine, and is skipped where the PATH lacks it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InstalledFactAttribute : FactAttribute
{
    public InstalledFactAttribute(string program)
    {
        Program = program;
        Skip = IsInstalled(program) ? null : $"{program} is not on the PATH of this machine.";
    }

    public string Program { get; }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
