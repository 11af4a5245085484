namespace ForwardForward.Learning.Tests.Checkpoints;

/// <summary>A fact that stops programs at chosen system calls, and is skipped where strace is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute() =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "strace")))
            ? null
            : "strace is not on the PATH of this machine.";
}
