using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Tests.Documents;

/// <summary>
/// Commands that the documents show are understood by the console: verbs, options and their values are such as there are.
/// </summary>
[Trait("Category", "Unit")]
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string> Pages => [.. Document.All.Where(page => Commands(page).Any()).Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_document_is_understood(string page)
    {
        var wrong = Commands(Document.All.Single(document => document.Path == page))
            .Select(command => (Command: command, Parsed: FFCommand.Parse([.. CommandLineParser.SplitCommandLine(command)])))
            .Where(shown => shown.Parsed.Errors.Count > 0 && !IsName(shown.Parsed))
            .Select(shown => $"./ff {shown.Command}: {shown.Parsed.Errors[0].Message}");

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("$ FF_DEVICES=cuda:0 ./ff train supervised   # on a GPU", "train supervised")]
    [InlineData("./ff predict RUN IMAGE... > answers.txt", "predict RUN IMAGE")]
    [InlineData("./ff cluster up [--prometheus] && ./ff runs", "cluster up --prometheus", "runs")]
    [InlineData("dotnet test")]
    public void Commands_are_found_in_a_line(string line, params string[] commands) => Assert.Equal(commands, Commands(line));

    // "`./ff predict` answers by ..." names a verb, and is no call of it.
    private static bool IsName(ParseResult parsed) => parsed.Tokens.All(token => token.Type == TokenType.Command);

    private static IEnumerable<string> Commands(Document page) => page.Commands.SelectMany(Commands);

    // Brackets are of what may be left out, three dots of what may be repeated.
    private static IEnumerable<string> Commands(string line) =>
        Command().Matches(line).Select(command => Notation().Replace(command.Groups[1].Value, "").Trim());

    [GeneratedRegex(@"(?<![\w/])\./ff( [^|&;>#`]*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\.\.\.|[\[\]]")]
    private static partial Regex Notation();
}
