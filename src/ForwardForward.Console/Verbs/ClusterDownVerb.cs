using System.CommandLine;
using ForwardForward.Client;
using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;

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
            async (parsed, interrupted) =>
            {
                var output = parsed.InvocationConfiguration.Output;
                var hosts = HostCluster.OfUser(parsed.InvocationConfiguration.Error.WriteLine);
                if (hosts.IsUp || parsed.GetValue(purge) && hosts.Kept.Count > 0)
                {
                    await DownOnHosts(hosts, output, parsed.GetValue(purge), parsed.GetValue(yes), interrupted);
                    return;
                }

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

    /// <summary>What a person reads about what a cluster of hosts has left here.</summary>
    public static string Keeps(HostCluster hosts) =>
        $"{KeptRuns.Count(hosts.Kept)} kept in {HostClusterFile.FolderOfUser}: `ff cluster up --hosts` with the same hosts has "
        + $"{(hosts.Kept.Count == 1 ? "it" : "them")} again, `ff cluster down --purge` removes {(hosts.Kept.Count == 1 ? "it" : "them")}.";

    private static async Task DownOnHosts(HostCluster hosts, TextWriter output, bool isPurge, bool isCertain, CancellationToken interrupted)
    {
        if (isPurge && !isCertain && !Agrees(output))
        {
            output.WriteLine("Nothing was removed.");
            return;
        }

        var ended = isPurge ? await hosts.Purge(interrupted) : await hosts.Down(keepsRuns: true, interrupted);
        output.WriteLine(
            $"Stopped {ended.Silos} silo{(ended.Silos == 1 ? "" : "s")}; nothing is left on the hosts that could be "
                + "reached but the program."
        );
        if (hosts.Kept.Count > 0)
        {
            output.WriteLine(Called.In(Keeps(hosts)));
        }

        if (ended.Lost.Count > 0)
        {
            throw new ClusterUnreachableException(string.Join(' ', ended.Lost));
        }
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

    private static bool Agrees(TextWriter output) =>
        Agreement.With(
            output,
            "Stop and remove all of it?",
            "--purge asks before it removes anything, and there is no terminal to ask on: expected --yes with it; nothing was removed."
        );
}
