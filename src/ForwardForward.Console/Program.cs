using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console;

internal static class Program
{
    private static Task<int> Main(string[] args) => Outcome.Of(FFCommand.Parse(args));
}
