using System.CommandLine;
using System.CommandLine.Parsing;
using ForwardForward.Learning;

namespace ForwardForward.Console.CommandLine;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageError
{
    /// <returns>Null where nothing is wrong.</returns>
    public static string? Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (MissingValue.Of(parsed) is { } missing)
        {
            return missing;
        }

        if (Stray(parsed) is { } stray)
        {
            return stray.StartsWith('-') ? NoSuchOption(parsed, stray) : NoSuchWord(parsed, stray);
        }

        return (parsed.Errors, command.Subcommands) switch
        {
            ([], _) => null,
            (_, { Count: > 0 } verbs) when command is RootCommand =>
                $"A verb is missing, expected one of {Names(verbs)}; `ff --help` explains them.",
            var (errors, _) => errors[0].Message,
        };
    }

    // An unknown option is taken for an argument where there is room for one; after "--" nothing is an option.
    private static string? Stray(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(value => value.StartsWith('-'))
            .Except(parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault();

    private static string NoSuchOption(ParseResult parsed, string stray)
    {
        var name = stray.Split('=')[0];
        var known = parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Append("--help");
        return $"`{Path(parsed)}` has no option '{name}'{Suggestion.Ending(name, known)}";
    }

    private static string NoSuchWord(ParseResult parsed, string stray)
    {
        var verbs = parsed.CommandResult.Command.Subcommands;
        return verbs.Count > 0
            ? $"`{Path(parsed)}` has no verb '{stray}', expected one of "
                + $"{Names(verbs)}{Suggestion.Ending(stray, verbs.Select(verb => verb.Name))}"
            : $"`{Path(parsed)}` takes no further argument '{stray}'; `{Path(parsed)} --help` shows what it takes.";
    }

    private static string Names(IEnumerable<Command> verbs) => string.Join(", ", verbs.Select(verb => verb.Name));

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: var command }; result = result.Parent)
        {
            names.Insert(0, command is RootCommand ? Called.Name : command.Name);
        }

        return string.Join(' ', names);
    }
}
