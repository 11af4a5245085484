using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ForwardForward.Console.CommandLine;

/// <summary>The usual help, then the verb's example.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    private const string OfRoot = "./ff train supervised-quick";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        // a list of verbs fits a screen; each verb's own help says the rest
        foreach (var listed in parseResult.CommandResult.Command.Subcommands.OfType<Verb>())
        {
            listed.Description = listed.Summary;
        }

        var result = help.Invoke(parseResult);
        var example = parseResult.CommandResult.Command is Verb verb ? verb.Example : OfRoot;
        parseResult.InvocationConfiguration.Output.WriteLine($"Example: {Called.Name}{example[Verb.Program.Length..]}");
        return result;
    }
}
