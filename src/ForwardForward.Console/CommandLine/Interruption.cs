using System.Runtime.InteropServices;

namespace ForwardForward.Console.CommandLine;

/// <summary>Ctrl+C and SIGTERM: the first asks the verb to close cleanly, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\e[?25h";
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_source.IsCancellationRequested)
        {
            _source.CancelAsync(); // on the pool: what waits for the token must not hold up the second signal
            return;
        }

        if (!System.Console.IsOutputRedirected)
        {
            Task.Run(() => System.Console.Out.Write(ShowCursor)).Wait(LongestWrite); // a live view hides it; a terminal may be held still
        }

        // Not left to the default, which a host's own handler would cancel.
        End(ExitCode.Interrupted);
    }

    private static void End(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }

        EndNow(exitCode); // an orderly exit would unload libtorch under threads that still compute
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void EndNow(int exitCode);
}
