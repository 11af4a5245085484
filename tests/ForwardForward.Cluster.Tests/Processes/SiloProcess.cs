using System.Diagnostics;
using ForwardForward.Console.Tests;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A silo that a test starts by itself, with the environment it wants; killed at the end.</summary>
internal sealed class SiloProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task<string> _error;

    /// <param name="settings">Environment variables.</param>
    /// <param name="before">A command that runs the silo's, as <c>ip netns exec NAME</c>.</param>
    public SiloProcess(Dictionary<string, string> settings, params string[] before)
    {
        string[] command = [.. before, "dotnet", Path.Combine(AppContext.BaseDirectory, "ForwardForward.Silo.dll")];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FF_MATRIX_RATE"] = Ff.MatrixRate;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it has logged until it was active.</summary>
    public string Said { get; private set; } = "";

    /// <summary>Waits until the silo is active.</summary>
    public async Task Ready()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Longest) is { } line)
        {
            Said += line + "\n";
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync(); // a full pipe would stop the silo
                return;
            }
        }

        Assert.Fail($"The silo ended before it was ready: {await _error}");
    }

    /// <summary>Waits for a silo that ends by itself.</summary>
    public async Task<(int ExitCode, string Error)> End()
    {
        _ = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(Longest);
        return (_process.ExitCode, (await _error).Trim());
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
