using System.Text.RegularExpressions;
using ForwardForward.Learning;

namespace ForwardForward.Contracts.Experiments;

/// <summary>Names of runs are folder names and parts of grain keys, so few characters will do.</summary>
public static partial class RunName
{
    private const int ShownCharacters = 60;

    public static bool IsValid(string name) => Allowed().IsMatch(name) && name is not ("." or "..") && !name.StartsWith('-');

    /// <exception cref="InvalidInputException">It has other characters.</exception>
    public static string Check(string name) =>
        IsValid(name)
            ? name
            : throw new InvalidInputException(
                $"'{(name.Length <= ShownCharacters ? name : name[..ShownCharacters] + "...").ReplaceLineEndings(" ")}' is no "
                    + "name of a run, expected 1 to 100 letters, digits, '.', '_' and '-', and none of '-' at the beginning."
            );

    /// <summary>The nearest valid name to a text: a spec file's name, for one.</summary>
    public static string From(string text) => Other().Replace(text, "-").TrimStart('-') is var name && IsValid(name) ? name : "run";

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Allowed();

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex Other();
}
