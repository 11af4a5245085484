using System.CommandLine;
using ForwardForward.Console.Runs;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>Finds runs for verbs that work on their files.</summary>
internal static class RunsOfHere
{
    /// <param name="nameOrFolder">Name of a run in ./runs, or a run's folder.</param>
    /// <param name="verb">As in "delete".</param>
    /// <exception cref="InvalidInputException">It is nowhere, or has no files here.</exception>
    public static async Task<RunSummary> Find(string nameOrFolder, string verb, ParseResult parsed, CancellationToken cancellation)
    {
        if (RunList.TryFind(nameOrFolder, RunFolder.Runs) is { } here)
        {
            return here;
        }

        await using var found = await new RunSearch(new ClusterOptions(), parsed, cancellation).Find(nameOrFolder);
        throw new InvalidInputException(
            $"The run '{found.Name}' is {RunPlace.Sentence(found.Run)}, which keeps it: `ff runs {verb}` is for runs that have files here."
        );
    }
}
