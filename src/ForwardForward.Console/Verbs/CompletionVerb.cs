using System.CommandLine;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Prints what a shell reads to complete verbs, options, presets, fields of specs and runs.</summary>
internal static class CompletionVerb
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Verb Command()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." }.With(Shells);
        var command = new Verb(
            "completion",
            "Prints a script by which a shell completes what is typed after ff.",
            "./ff completion bash > ~/.ff-completion && source ~/.ff-completion"
        )
        {
            shell,
        };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(Script(parsed.GetRequiredValue(shell))));
        return command;
    }

    private static string Script(string shell)
    {
        if (!Shells.Contains(shell))
        {
            throw new InvalidInputException(
                $"SHELL is '{shell}', expected one of {string.Join(", ", Shells)}{Suggestion.Ending(shell, Shells)}"
            );
        }

        using var script = typeof(CompletionVerb).Assembly.GetManifestResourceStream(
            $"ForwardForward.Console.Completion.complete.{shell}"
        )!;
        return new StreamReader(script).ReadToEnd();
    }
}
