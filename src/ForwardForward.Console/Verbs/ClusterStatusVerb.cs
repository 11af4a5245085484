using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

internal static class ClusterStatusVerb
{
    public static Verb Command()
    {
        var json = Options.Json();
        var command = new Verb("status", "Shows the cluster that `up` started.", "./ff cluster status") { json };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var output = parsed.InvocationConfiguration.Output;
                var hosts = HostCluster.OfUser();
                if (hosts.IsUp)
                {
                    var states = parsed.GetValue(json) ? null : await hosts.States(interrupted);
                    ClusterTable.Print(output, hosts.Status(), parsed.GetValue(json), states);
                    return;
                }

                var local = LocalCluster.OfUser;
                var status = local.Status();
                ClusterTable.Print(
                    output,
                    status,
                    parsed.GetValue(json),
                    status.Silos.ToDictionary(silo => silo.Name, silo => local.IsAlive(silo) ? $"{silo.Pid}" : "ended")
                );
                if (hosts.Kept.Count > 0 && !parsed.GetValue(json))
                {
                    output.WriteLine(Called.In(ClusterDownVerb.Keeps(hosts)));
                }
            }
        );
        return command;
    }
}
