namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A test with machines of their own that are reached over SSH; skipped where the machine cannot play them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SshFactAttribute : FactAttribute
{
    public SshFactAttribute() =>
        Skip =
            new NetworkFactAttribute().Skip
            ?? (File.Exists(SshHosts.Server) ? null : "needs an SSH server (on Debian: apt-get install openssh-server)");
}
