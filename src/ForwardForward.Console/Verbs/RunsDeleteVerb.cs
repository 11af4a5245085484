using System.CommandLine;
using System.Text.Json;
using ForwardForward.Console.CommandLine;
using ForwardForward.Console.Rendering;
using ForwardForward.Console.Runs;

namespace ForwardForward.Console.Verbs;

/// <summary>Deletes runs of this machine.</summary>
internal static class RunsDeleteVerb
{
    private static readonly Argument<string[]> Runs = new Argument<string[]>("RUN")
    {
        Description = "Names of runs here, or their folders.",
        Arity = ArgumentArity.OneOrMore,
    }.WithRuns();
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask." };
    private static readonly Option<bool> AsJson = Options.Json();

    public static Verb Command()
    {
        var command = new Verb("delete", "Deletes runs of this machine with their checkpoints; asks first.", "./ff runs delete mine-1")
        {
            Runs,
            Yes,
            AsJson,
        };
        command.SetAction(Delete);
        return command;
    }

    private static async Task<int> Delete(ParseResult parsed, CancellationToken interrupted)
    {
        var found = new List<RunSummary>();
        foreach (var run in parsed.GetRequiredValue(Runs))
        {
            found.Add(await RunsOfHere.Find(run, "delete", parsed, interrupted));
        }

        var (output, json) = (parsed.InvocationConfiguration.Output, parsed.GetValue(AsJson));
        var people = json ? parsed.InvocationConfiguration.Error : output;
        var deletion = new RunDeletion(found);
        var isAgreed = parsed.GetValue(Yes) || Agreement.With(people, Question(deletion), Otherwise(deletion));
        if (isAgreed)
        {
            deletion.Delete(i => people.WriteLine(Deleted(deletion.Runs[i].Run, deletion.Runs[i].Bytes)));
        }
        else
        {
            people.WriteLine("Nothing was deleted.");
        }

        if (json)
        {
            output.WriteLine(
                JsonSerializer.Serialize(
                    (isAgreed ? deletion.Runs : []).Select(one => new
                    {
                        one.Run.Run,
                        one.Run.Output,
                        one.Bytes,
                    }),
                    Json.OneLine
                )
            );
        }

        return ExitCode.Done;
    }

    private static string Question(RunDeletion deletion) => $"Delete {What(deletion)}?";

    private static string Otherwise(RunDeletion deletion) =>
        $"There is no terminal to ask on whether to delete {What(deletion)}, expected --yes; nothing was deleted.";

    private static string What(RunDeletion deletion) =>
        $"{Texts.Count(deletion.Runs.Count, "run")} ({string.Join(", ", deletion.Runs.Select(one => RunList.Address(one.Run)))}), "
        + RunDeletion.Size(deletion.Runs.Sum(one => one.Bytes));

    private static string Deleted(RunSummary run, long bytes) =>
        $"{run.Run} is deleted, {RunDeletion.Size(bytes)} freed"
        + (run.IsOfHere ? "." : $"; the run itself is {RunPlace.Sentence(run)}, which keeps it.");
}
