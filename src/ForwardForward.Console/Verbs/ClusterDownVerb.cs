using System.CommandLine;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

internal static class ClusterDownVerb
{
    public static Verb Command()
    {
        var purge = new Option<bool>("--purge")
        {
            Description = "Also remove its runs, their checkpoints, and all its other files; shows them and asks first.",
        };
        var yes = new Option<bool>("--yes") { Description = "Do not ask, with --purge." };
        var command = new Verb(
            "down",
            "Stops the cluster that `up` started; its runs are kept, and the next `up` has them again.",
            "./ff cluster down"
        )
        {
            purge,
            yes,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(purge))
                {
                    await Purge(output, parsed.GetValue(yes));
                    return;
                }

                var stopped = await LocalCluster.OfUser.Down();
                var kept = LocalCluster.OfUser.Status().Kept;
                output.WriteLine($"{Stopped(stopped)}{(kept is null ? "" : $" {Keeps(kept)}")}");
            }
        );
        return command;
    }

    /// <summary>What a person reads about what a cluster has left.</summary>
    public static string Keeps(KeptCluster kept)
    {
        var them = kept.Runs.Count == 1 ? "it" : "them";
        return kept.Runs.Count == 0
            ? $"There are no runs to keep; logs are in {kept.Folder}, `ff cluster down --purge` removes them."
            : $"{KeptRuns.Count(kept.Runs)} kept in {kept.Folder}: `ff cluster up` has {them} again and goes on with what ran, "
                + $"`ff cluster down --purge` removes {them}.";
    }

    private static string Stopped(int processes) =>
        processes switch
        {
            0 => "No cluster is up.",
            1 => "Stopped 1 process.",
            _ => $"Stopped {processes} processes.",
        };

    private static async Task Purge(TextWriter output, bool isCertain)
    {
        var holds = await LocalCluster.OfUser.Holds();
        if (holds.Count == 0)
        {
            output.WriteLine("No cluster is up, and nothing is kept.");
            return;
        }

        output.WriteLine($"In {ClusterFile.FolderOfUser}:");
        foreach (var line in holds)
        {
            output.WriteLine($"  {line}");
        }

        if (isCertain || Agrees(output))
        {
            var stopped = await LocalCluster.OfUser.Purge();
            output.WriteLine($"{(stopped == 0 ? "" : $"{Stopped(stopped)} ")}Removed {ClusterFile.FolderOfUser}.");
        }
        else
        {
            output.WriteLine("Nothing was removed.");
        }
    }

    private static bool Agrees(TextWriter output)
    {
        if (System.Console.IsInputRedirected)
        {
            throw new InvalidInputException(
                "--purge asks before it removes anything, and there is no terminal to ask on: expected --yes with it; nothing was removed."
            );
        }

        output.Write("Stop and remove all of it? [y/N] ");
        return System.Console.ReadLine()?.Trim() is { } answer
            && (answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}
