using System.ComponentModel;
using System.Diagnostics;
using ForwardForward.Learning;

namespace ForwardForward.Console.Clusters.Local;

/// <summary>Starts programs that outlive this one: in a session of their own, with their output in a file.</summary>
internal static class BackgroundProcess
{
    // The shell only moves the output to the file and becomes the program, so the process's number is the program's.
    private const string Detached = "exec setsid \"$@\" >>\"$LOG\" 2>&1 </dev/null";

    /// <exception cref="InvalidInputException">The program is not installed.</exception>
    public static ProcessMark Start(string name, string program, IReadOnlyList<string> arguments, string log, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (!IsInstalled(program))
        {
            throw new InvalidInputException($"{program} is not installed, expected it on the PATH (on Debian: apt-get install {program}).");
        }

        var start = new ProcessStartInfo("/bin/sh", ["-c", Detached, "sh", program, .. arguments]) { Environment = { ["LOG"] = log } };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start) ?? throw new Win32Exception($"{program} cannot be started.");
        return ProcessMark.Of(name, process.Id);
    }

    private static bool IsInstalled(string program) => Path.IsPathRooted(program)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
