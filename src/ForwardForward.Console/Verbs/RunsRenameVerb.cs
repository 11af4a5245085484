using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Runs;
using ForwardForward.Contracts.Experiments;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Gives a run of this machine another name.</summary>
internal static class RunsRenameVerb
{
    private static readonly Argument<string> Run = new Argument<string>("RUN")
    {
        Description = "Name of a run here, or its folder.",
    }.WithRuns();
    private static readonly Argument<string> Name = new("NAME") { Description = "What it is called from then on." };
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("rename", "Gives a run of this machine another name.", "./ff runs rename supervised-1 baseline")
        {
            Run,
            Name,
            AsJson,
        };
        command.SetAction(Rename);
        return command;
    }

    private static async Task<int> Rename(ParseResult parsed, CancellationToken interrupted)
    {
        var (run, name) = (
            await RunsOfHere.Find(parsed.GetRequiredValue(Run), "rename", parsed, interrupted),
            parsed.GetRequiredValue(Name)
        );
        if (!run.IsOfHere)
        {
            throw new InvalidInputException(
                $"The run '{run.Run}' is {RunPlace.Sentence(run)}, which knows it by that name, expected a run of this machine."
            );
        }

        var taken = await new ClusterOptions().Taken(parsed, interrupted);
        if (taken.Names.Contains(RunName.Check(name)))
        {
            throw new InvalidInputException(
                $"There is a run named '{name}' on the cluster at {taken.Cluster} already, expected a name that is free."
            );
        }

        var renamed = RunRenaming.Rename(run, name);
        parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(AsJson)
                ? JsonSerializer.Serialize(new { renamed.Run, renamed.Output }, Json.OneLine)
                : $"{run.Run} is called {renamed.Run} now: {renamed.Output}"
        );
        return ExitCode.Done;
    }
}
