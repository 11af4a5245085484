using ForwardForward.Learning;

namespace ForwardForward.Console.CommandLine;

/// <summary>Asks a person before something is done that cannot be undone.</summary>
internal static class Agreement
{
    /// <param name="output">Where people read.</param>
    /// <param name="question">Ends with a question mark.</param>
    /// <param name="otherwise">What there is to do where nobody can be asked, in a sentence.</param>
    /// <exception cref="InvalidInputException">There is no terminal to ask on.</exception>
    public static bool With(TextWriter output, string question, string otherwise)
    {
        if (System.Console.IsInputRedirected)
        {
            throw new InvalidInputException(otherwise);
        }

        output.Write($"{question} [y/N] ");
        return IsYes(System.Console.ReadLine());
    }

    /// <param name="answer">Null where there was none.</param>
    public static bool IsYes(string? answer) =>
        answer?.Trim() is { } word
        && (word.Equals("y", StringComparison.OrdinalIgnoreCase) || word.Equals("yes", StringComparison.OrdinalIgnoreCase));
}
