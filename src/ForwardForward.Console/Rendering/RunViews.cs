using ForwardForward.Console.Training;

namespace ForwardForward.Console.Rendering;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunViews
{
    private const int UsualWidth = 80;

    /// <param name="progress">The run.</param>
    /// <param name="people">Where they read.</param>
    /// <param name="plain">Whether lines are asked for, whatever the terminal can do.</param>
    public static IRunView For(RunProgress progress, QueuedWriter people, bool plain) =>
        IsPlain(plain) ? new PlainView(people, progress) : new LiveView(QueuedTerminal.On(people), progress, () => people.IsBehind);

    /// <summary>Whether people get lines, and nothing that moves.</summary>
    /// <param name="asked">Whether lines are asked for.</param>
    public static bool IsPlain(bool asked) => asked || !CanDraw;

    /// <summary>Characters of a line of the terminal, or as many as is usual where there is none.</summary>
    public static int Width => !System.Console.IsOutputRedirected && System.Console.WindowWidth is > 0 and var width ? width : UsualWidth;

    private static bool CanDraw =>
        !System.Console.IsOutputRedirected
        && (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));
}
