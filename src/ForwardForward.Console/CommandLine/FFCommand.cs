using System.CommandLine;
using ForwardForward.Console.Verbs;

namespace ForwardForward.Console.CommandLine;

internal static class FFCommand
{
    // Response files would turn an argument that starts with @ into a file's content.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public static ParseResult Parse(string[] args) => new RootCommand(
        """
        Trains networks with the Forward-Forward algorithm, every layer an actor.

        Example: ./ff train supervised-quick
        """)
    {
        TrainVerb.Command(),
        PresetsVerb.Command(),
        DataVerb.Command(),
        RunsVerb.Command(),
    }.Parse(args, Configuration);
}
