using System.CommandLine;

namespace ForwardForward.Console.CommandLine;

/// <summary>
/// The root of all verbs, with the words that the program was called with: the parser does not tell <c>--name=-x</c> from <c>--name -x</c>.
/// </summary>
internal sealed class CalledCommand(string description, IReadOnlyList<string> words) : RootCommand(description)
{
    public IReadOnlyList<string> Words => words;
}
