using System.CommandLine;
using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

/// <summary>What changes the hosts of a cluster that is up.</summary>
internal static class ClusterHostVerbs
{
    public static Verb Add()
    {
        var host = new Argument<string[]>("HOST")
        {
            Description = "HOST or USER@HOST, and KEY=VALUE as in the file of hosts.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Command(
            new Verb("add", "Puts a silo on one more host of a cluster that `up --hosts` started.", "./ff cluster add gamma") { host },
            (cluster, parsed, interrupted) => cluster.Add(ClusterHost.Of(parsed.GetValue(host)!), interrupted)
        );
    }

    public static Verb Remove()
    {
        var host = new Argument<string>("HOST") { Description = "One of the cluster's hosts." };
        return Command(
            new Verb("remove", "Has a host's silo hand its runs over and leave; no slot is done twice.", "./ff cluster remove gamma")
            {
                host,
            },
            (cluster, parsed, interrupted) => cluster.Remove(parsed.GetValue(host)!, interrupted)
        );
    }

    private static Verb Command(
        Verb command,
        Func<HostCluster, ParseResult, CancellationToken, Task<Clusters.Local.LocalClusterStatus>> change
    )
    {
        var json = Options.Json();
        command.Add(json);
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var cluster = HostCluster.OfUser(parsed.InvocationConfiguration.Error.WriteLine);
                if (!cluster.IsUp)
                {
                    throw new InvalidInputException(
                        "No cluster of hosts is up, expected one that `ff cluster up --hosts` started; a cluster of this machine changes "
                            + "with `ff cluster down` and `up --silos N`."
                    );
                }

                ClusterTable.Print(
                    parsed.InvocationConfiguration.Output,
                    await change(cluster, parsed, interrupted),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }
}
