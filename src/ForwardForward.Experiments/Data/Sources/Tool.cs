using System.Diagnostics;

namespace ForwardForward.Experiments.Data.Sources;

/// <summary>Runs a program that the machine may or may not have.</summary>
internal static class Tool
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program of the PATH in a folder to its end; what it prints is dropped, save for the reason of a failure.</summary>
    /// <exception cref="IOException">It is not there, took too long, or failed.</exception>
    public static void Run(string name, string[] arguments, string folder, CancellationToken ct)
    {
        var path = Find(name) ?? throw new FileNotFoundException($"{name} is not on the PATH");
        using var process = Process.Start(
            new ProcessStartInfo(path, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true, // nobody answers a question
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C" }, // what it says is read here
            }
        )!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Timeout);
        using var kill = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // a full pipe would block the program
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        ct.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            var reason = deadline.IsCancellationRequested ? $"no end within {Timeout.TotalMinutes} minutes" : FirstError(errors);
            throw new IOException($"{name} failed: {reason}");
        }
    }

    private static string FirstError(string errors) =>
        errors
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => !line.StartsWith("W:", StringComparison.Ordinal))
        ?? "it gave no reason"; // W: is apt's warning

    private static string? Find(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{name}.exe", $"{name}.cmd"] : [name]; // npm is a script there
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(n => Path.Combine(folder, n)))
            .FirstOrDefault(File.Exists);
    }
}
