using System.ComponentModel;
using System.Diagnostics;
using ForwardForward.Learning;

namespace ForwardForward.Client.Processes;

/// <summary>Starts programs that outlive this one: in a session of their own, with their output in a file.</summary>
public static class BackgroundProcess
{
    // The shell only moves the output to the files and becomes the program, so the process's number is the program's.
    private const string Detached = "exec setsid \"$@\" >>\"$LOG\" 2>>\"$ERRORS\" </dev/null";

    /// <exception cref="InvalidInputException">The program is not installed.</exception>
    public static ProcessMark Start(
        string name,
        string program,
        IReadOnlyList<string> arguments,
        string log,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        using var process = Launch(program, arguments, log, environment);
        return ProcessMark.Of(name, process.Id);
    }

    /// <param name="log">File that its output is added to.</param>
    /// <param name="errors">File for what it writes to stderr; null: the log.</param>
    /// <returns>The process as a child of this one, to be disposed of.</returns>
    /// <exception cref="InvalidInputException">The program is not installed.</exception>
    internal static Process Launch(
        string program,
        IReadOnlyList<string> arguments,
        string log,
        IReadOnlyDictionary<string, string>? environment,
        string? errors = null
    )
    {
        if (!IsInstalled(program))
        {
            throw new InvalidInputException($"{program} is not installed, expected it on the PATH (on Debian: apt-get install {program}).");
        }

        var start = new ProcessStartInfo("/bin/sh", ["-c", Detached, "sh", program, .. arguments])
        {
            Environment = { ["LOG"] = log, ["ERRORS"] = errors ?? log },
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start) ?? throw new Win32Exception($"{program} cannot be started.");
    }

    /// <summary>Whether a program is on the PATH, or where its path says.</summary>
    internal static bool IsInstalled(string program) =>
        Path.IsPathRooted(program)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, program)));
}
