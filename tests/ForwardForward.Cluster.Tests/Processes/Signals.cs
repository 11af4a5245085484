using System.Runtime.InteropServices;

namespace ForwardForward.Cluster.Tests.Processes;

internal static partial class Signals
{
    private const int SigTerm = 15, SigKill = 9;

    public static void Kill(int pid) => Assert.Equal(0, Send(pid, SigKill));

    public static void Terminate(int pid) => Assert.Equal(0, Send(pid, SigTerm));

    /// <summary>Whether the process is there and no zombie.</summary>
    public static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
