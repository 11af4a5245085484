using System.Runtime.InteropServices;

namespace ForwardForward.Client.Processes;

/// <summary>A process by number and start, so that another one with the same number is not taken for it.</summary>
/// <param name="StartedAt">Clock ticks between the machine's start and the process's.</param>
public sealed record ProcessMark(string Name, int Pid, long StartedAt)
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19; // Linux's numbers
    private const int StateField = 0;
    private const int StartField = 19; // of /proc/PID/stat, counted after the command's closing bracket
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    public bool IsAlive => Stat(Pid) is { } stat && stat[StateField] != "Z" && long.Parse(stat[StartField]) == StartedAt;

    public static ProcessMark Of(string name, int pid) => new(name, pid, Stat(pid) is { } stat ? long.Parse(stat[StartField]) : 0);

    /// <summary>Ends the process at once.</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Asks the process to end.</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Holds the process where it is, with its sockets open.</summary>
    public void Suspend() => Signal(SigStop);

    /// <summary>Lets a suspended process go on.</summary>
    public void Continue() => Signal(SigCont);

    /// <summary>Asks the process to end, and ends it if it has not done so in time.</summary>
    public async Task Stop(TimeSpan patience)
    {
        Signal(SigTerm);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (IsAlive)
        {
            if (waited.Elapsed > patience)
            {
                Signal(SigKill);
            }

            await Task.Delay(Pace);
        }
    }

    /// <summary>
    /// Waits until a process that was ended is gone: one that writes to its disk lives, and keeps its ports, until that is done.
    /// </summary>
    public async Task Gone(CancellationToken cancellation = default)
    {
        while (IsAlive)
        {
            await Task.Delay(Pace, cancellation);
        }
    }

    private void Signal(int signal)
    {
        if (IsAlive)
        {
            _ = Send(Pid, signal);
        }
    }

    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int pid, int signal);
}
