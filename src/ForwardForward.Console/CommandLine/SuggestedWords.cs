using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace ForwardForward.Console.CommandLine;

/// <summary>
/// Answers <c>ff [suggest] "LINE"</c> with a line for each word that may stand where LINE ends, which is what came after the program's name
/// up to the cursor.
/// </summary>
internal sealed class SuggestedWords : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        foreach (var word in After(line, parseResult.RootCommandResult.Command, parseResult.Configuration))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        }

        return ExitCode.Done;
    }

    private static IEnumerable<string> After(string line, Command root, ParserConfiguration configuration)
    {
        var begun = line[(line.LastIndexOf(' ') + 1)..];
        var parsed = root.Parse(line, configuration);
        var command = parsed.CommandResult.Command;

        // The parser lets an option that may be repeated take every further word.
        var isValue =
            line[..^begun.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() is { } before
            && command.Options.Any(option => option.Arity.MinimumNumberOfValues > 0 && option.Aliases.Append(option.Name).Contains(before));
        var words = (isValue ? parsed.GetCompletions() : command.GetCompletions(parsed.GetCompletionContext()))
            .Select(completion => completion.Label)
            .Where(word => word.StartsWith(begun, StringComparison.Ordinal) && !word.StartsWith('/'));

        // Options are for who asks for them.
        return begun.Length > 0 ? words : words.Where(word => !word.StartsWith('-'));
    }
}
