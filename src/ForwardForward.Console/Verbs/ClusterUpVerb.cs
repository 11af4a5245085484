using System.CommandLine;
using ForwardForward.Client;
using ForwardForward.Console.Clusters.Hosts;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;
using ForwardForward.Learning;

namespace ForwardForward.Console.Verbs;

internal static class ClusterUpVerb
{
    private const int MaxSilos = 64;

    public static Verb Command()
    {
        var hosts = Options.Text("--hosts", "FILE|HOST,...", "Over SSH, on these machines, one silo each, with certificates.");
        var silos = Options.Whole("--silos", "Silo processes; default: 3, or as many as there were.", 1, MaxSilos);
        var redis = Options.Text("--redis", "HOST:PORT", "A Redis that runs; default: one is started.");
        var id = Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");
        var prometheus = new Option<bool>("--prometheus") { Description = "Also start a Prometheus that watches the silos." };
        var tls = Switch("--tls", "Make certificates, and let only who has one in; default: as it was before.");
        var mixed = Switch("--mixed", "Let silos with other kernels join, for runs with exact=false; default: as it was before.");
        var insecure = new Option<bool>("--insecure") { Description = "Without certificates, with --hosts: in a network that you trust." };
        var data = new Option<string[]>("--data")
        {
            Description = "A data set of this machine to send there, with --hosts.",
            HelpName = "NAME",
        };
        var json = Options.Json();
        var command = new Verb(
            "up",
            "Starts Redis and the silos, and waits until they are ready; a cluster that was taken down or killed has its runs "
                + "again, and those that ran go on.",
            "./ff cluster up --silos 3 --prometheus"
        )
        {
            hosts,
            silos,
            redis,
            id,
            prometheus,
            tls,
            mixed,
            insecure,
            data,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(hosts) is { } given)
                {
                    Refuse(parsed, "--hosts", silos, prometheus, tls);
                    var asked = new HostClusterRequest(
                        ClusterHost.Read(given),
                        parsed.GetValue(redis),
                        parsed.GetValue(id),
                        parsed.GetValue(insecure),
                        On(mixed),
                        parsed.GetValue(data) ?? []
                    );
                    var cluster = HostCluster.OfUser(parsed.InvocationConfiguration.Error.WriteLine);
                    RefuseBeside(LocalCluster.OfUser.Status().Silos.Count > 0, "A cluster of this machine");
                    ClusterTable.Print(output, await cluster.Up(asked, interrupted), parsed.GetValue(json));
                    return;
                }

                Refuse(parsed, "no --hosts", insecure, data);
                RefuseBeside(HostCluster.OfUser().IsUp, "A cluster of hosts");
                var request = new LocalClusterRequest(
                    parsed.GetValue(silos),
                    parsed.GetValue(prometheus),
                    parsed.GetValue(redis),
                    parsed.GetValue(id),
                    On(tls),
                    On(mixed)
                );
                using (
                    new Silence(parsed.InvocationConfiguration.Error.WriteLine).During(
                        "Starting Redis and the silos: each measures the machine, then they find each other."
                    )
                )
                {
                    ClusterTable.Print(output, await LocalCluster.OfUser.Up(request, interrupted), parsed.GetValue(json));
                }

                bool? On(Option<bool?> option) =>
                    parsed.GetResult(option) is { Implicit: false } given
                        ? given.Tokens.Count == 0 || parsed.GetValue(option) == true
                        : null;
            }
        );
        return command;
    }

    // One that may be given as a word, or with true or false behind it.
    private static Option<bool?> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    // An option that says nothing in this case would be believed to have done something.
    private static void Refuse(ParseResult parsed, string beside, params Option[] options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new InvalidInputException($"{given.Name} does not go with {beside}, expected one without the other.");
        }
    }

    private static void RefuseBeside(bool isUp, string other)
    {
        if (isUp)
        {
            throw new InvalidInputException($"{other} is up already; `ff cluster down` stops it, `ff cluster status` shows it.");
        }
    }
}
