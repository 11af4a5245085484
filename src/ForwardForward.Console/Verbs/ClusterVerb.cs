using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

internal static class ClusterVerb
{
    public static Verb Command() =>
        new(
            "cluster",
            "Starts, shows and stops a cluster of real silo processes, on this machine or on several.",
            "./ff cluster up --silos 3"
        )
        {
            ClusterUpVerb.Command(),
            ClusterDownVerb.Command(),
            ClusterStatusVerb.Command(),
            ClusterHostVerbs.Add(),
            ClusterHostVerbs.Remove(),
            ClusterLogsVerb.Command(),
            ClusterCertsVerb.Command(),
        };
}
