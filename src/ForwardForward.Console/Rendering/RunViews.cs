using ForwardForward.Console.Training;
using Spectre.Console;

namespace ForwardForward.Console.Rendering;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunViews
{
    /// <param name="progress">The run.</param>
    /// <param name="output">Where people read.</param>
    /// <param name="plain">Whether lines are asked for, whatever the terminal can do.</param>
    public static IRunView For(RunProgress progress, TextWriter output, bool plain) =>
        IsPlain(plain) ? new PlainView(new TolerantWriter(output), progress) : new LiveView(AnsiConsole.Console, progress);

    /// <summary>Whether people get lines, and nothing that moves.</summary>
    /// <param name="asked">Whether lines are asked for.</param>
    public static bool IsPlain(bool asked) => asked || !CanDraw;

    private static bool CanDraw =>
        !System.Console.IsOutputRedirected
        && (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));
}
