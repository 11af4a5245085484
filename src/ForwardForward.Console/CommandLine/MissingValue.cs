using System.CommandLine;
using System.CommandLine.Parsing;

namespace ForwardForward.Console.CommandLine;

/// <summary>An option without its value: the parser takes the next word for it, also where that is an option.</summary>
internal static class MissingValue
{
    private static readonly char[] BeforeValue = ['=', ':'];

    /// <returns>What is wrong with the first such option, in one sentence; null where every option has a value.</returns>
    public static string? Of(ParseResult parsed)
    {
        var words = parsed.RootCommandResult.Command is CalledCommand called ? called.Words : [];
        var options = Options(parsed).ToList();
        for (var i = 0; i < words.Count && words[i] != "--"; i++)
        {
            var name = NameIn(words[i]);
            if (options.Find(one => one.Aliases.Append(one.Name).Contains(name)) is not { Arity.MinimumNumberOfValues: > 0 } option)
            {
                continue;
            }

            var isApart = name == words[i];
            var value = isApart ? words.ElementAtOrDefault(i + 1) : words[i][(name.Length + 1)..];
            if (Wrong(option, name, value, isApart, options) is { } wrong)
            {
                return wrong;
            }

            i += isApart ? 1 : 0;
        }

        return null;
    }

    private static string? Wrong(Option option, string name, string? value, bool isApart, List<Option> options)
    {
        if (string.IsNullOrEmpty(value))
        {
            return $"{name} needs a value{Shown(option)}.";
        }

        if (isApart && options.Exists(other => other.Aliases.Append(other.Name).Contains(NameIn(value))))
        {
            return $"{name} needs a value{Shown(option)}, but the option {NameIn(value)} follows it.";
        }

        var isText = option.ValueType == typeof(string) || option.ValueType == typeof(string[]);
        return isText && isApart && value is ['-', _, ..]
            ? $"{name} needs a value{Shown(option)}, but what follows begins with a dash, as options do: write {name}={value} "
                + "where it is meant."
            : null;
    }

    private static string Shown(Option option) => option.HelpName is { } shown ? $" ({shown})" : "";

    // Those of the verb, and of the verbs before it.
    private static IEnumerable<Option> Options(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: var command }; result = result.Parent)
        {
            foreach (var option in command.Options)
            {
                yield return option;
            }
        }
    }

    private static string NameIn(string word) =>
        word.IndexOfAny(BeforeValue) is > 0 and var end && word.StartsWith('-') ? word[..end] : word;
}
