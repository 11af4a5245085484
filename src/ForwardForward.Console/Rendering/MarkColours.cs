namespace ForwardForward.Console.Rendering;

/// <summary>What tells marks apart on a terminal beside their letters; nothing where lines go elsewhere.</summary>
internal sealed class MarkColours(bool areShown)
{
    private const char Escape = '\u001b';
    private static readonly int[] Codes = [34, 33, 32, 35, 36, 31]; // as the lines of a report: blue, orange, green, purple, sky, brown

    /// <summary>Of the terminal that this process writes to; none where there is no such, or nobody wants them (NO_COLOR).</summary>
    public static MarkColours OfTerminal =>
        new(!RunViews.IsPlain(asked: false) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    public string Paint(string mark, int colour) => areShown ? $"{Escape}[{Codes[colour % Codes.Length]}m{mark}{Escape}[0m" : mark;
}
