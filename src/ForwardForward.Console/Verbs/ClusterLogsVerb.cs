using System.CommandLine;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

internal static class ClusterLogsVerb
{
    private const int DefaultLines = 100;
    private const int MaxLines = 1_000_000;

    public static Verb Command()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A silo's, redis or prometheus; default: all, each line with its name.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as lines are added, until Ctrl+C." };
        var lines = Options.Whole("--lines", $"How many of the last lines of each; default: {DefaultLines}.", 0, MaxLines);
        var command = new Verb(
            "logs",
            "Shows the logs of the cluster that `up` started, here or on its hosts.",
            "./ff cluster logs silo-1 -f"
        )
        {
            name,
            follow,
            lines,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var hosts = HostCluster.OfUser();
                var logs = hosts.IsUp ? hosts.Logs() : LocalCluster.OfUser.Logs();
                if (logs.Count == 0)
                {
                    throw new InvalidInputException("There are no logs, expected a cluster that `ff cluster up` started.");
                }

                var wanted = parsed.GetValue(name) is { } one ? Named(logs, one) : logs;
                await LogTail.Show(
                    wanted,
                    parsed.GetValue(lines) ?? DefaultLines,
                    parsed.GetValue(follow),
                    parsed.InvocationConfiguration.Output,
                    interrupted
                );
            }
        );
        return command;
    }

    private static List<ClusterLog> Named(IReadOnlyList<ClusterLog> logs, string name) =>
        logs.Where(log => log.Name == name).ToList() is { Count: > 0 } found
            ? found
            : throw new InvalidInputException(
                $"There is no log of '{name}', expected one of {string.Join(", ", logs.Select(log => log.Name))}."
            );
}
