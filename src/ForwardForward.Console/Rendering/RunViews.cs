using ForwardForward.Console.Training;
using Spectre.Console;

namespace ForwardForward.Console.Rendering;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunViews
{
    /// <param name="progress">The run.</param>
    /// <param name="output">Where people read.</param>
    /// <param name="plain">Whether lines are asked for, whatever the terminal can do.</param>
    public static IRunView For(RunProgress progress, TextWriter output, bool plain) => plain || !CanDraw
        ? new PlainView(new TolerantWriter(output), progress)
        : new LiveView(AnsiConsole.Console, progress);

    private static bool CanDraw =>
        !System.Console.IsOutputRedirected && (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));
}
