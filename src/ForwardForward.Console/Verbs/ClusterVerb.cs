using System.CommandLine;
using System.Text.Json;
using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

internal static class ClusterVerb
{
    private const int MaxSilos = 64;

    public static Verb Command() =>
        new("cluster", "Starts, shows and stops a cluster of real silo processes on this machine.", "./ff cluster up --silos 3")
        {
            Up(),
            ClusterDownVerb.Command(),
            Status(),
            Certs(),
        };

    private static Verb Up()
    {
        var silos = Options.Whole("--silos", "Silo processes; default: 3, or as many as there were.", 1, MaxSilos);
        var redis = Options.Text("--redis", "HOST:PORT", "A Redis that runs; default: one is started.");
        var id = Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");
        var prometheus = new Option<bool>("--prometheus") { Description = "Also start a Prometheus that watches the silos." };
        var tls = new Option<bool?>("--tls")
        {
            Description = "Make certificates, and let only who has one in; default: as it was before.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = Options.Json();
        var command = new Verb(
            "up",
            "Starts Redis and the silos, and waits until they are ready; a cluster that was taken down or killed has its runs "
                + "again, and those that ran go on.",
            "./ff cluster up --silos 3 --prometheus"
        )
        {
            silos,
            redis,
            id,
            prometheus,
            tls,
            json,
        };
        command.SetAction(
            async (parsed, interrupted) =>
            {
                var request = new LocalClusterRequest(
                    parsed.GetValue(silos),
                    parsed.GetValue(prometheus),
                    parsed.GetValue(redis),
                    parsed.GetValue(id),
                    Tls()
                );
                using (
                    new Silence(parsed.InvocationConfiguration.Error.WriteLine).During(
                        "Starting Redis and the silos: each measures the machine, then they find each other."
                    )
                )
                {
                    Print(parsed.InvocationConfiguration.Output, await LocalCluster.OfUser.Up(request, interrupted), parsed.GetValue(json));
                }

                bool? Tls() =>
                    parsed.GetResult(tls) is { Implicit: false } given ? given.Tokens.Count == 0 || parsed.GetValue(tls) == true : null;
            }
        );
        return command;
    }

    private static Verb Certs()
    {
        const int DefaultDays = 365,
            MaxDays = 3650;
        var folder = Options.Text(
            "-o",
            "DIR",
            "Where to; default: certs. An authority that is there already is kept, and the certificates are renewed."
        );
        var authority = Options.Text("--authority", "DIR", "Folder of the authority and its key; default: DIR itself.");
        var id = Options.Text("--cluster-id", "ID", $"The cluster's id; default: {ClusterConnection.DefaultClusterId}.");
        var days = Options.Whole("--days", $"Days that the certificates are valid; default: {DefaultDays}.", 1, MaxDays);
        var person = Options.Text(
            "--for",
            "NAME",
            "Make one certificate, for somebody of this name, which the audit log says; default: one for each role."
        );
        var role = Options.Text(
            "--role",
            "ROLE",
            "What they may do, with --for: operator (start, stop and watch; the default) or observer (watch)."
        );
        var command = new Verb(
            "certs",
            "Makes an authority and certificates for the silos, operators and observers of a cluster.",
            "./ff cluster certs -o certs --for alice --role observer"
        )
        {
            folder,
            authority,
            id,
            days,
            person,
            role,
        };
        command.SetAction(parsed =>
        {
            var to = parsed.GetValue(folder) ?? "certs";
            var keeper = parsed.GetValue(authority) ?? to;
            var certificates = new Certificates(to, parsed.GetValue(id) ?? ClusterConnection.DefaultClusterId, TimeProvider.System, keeper);
            var life = TimeSpan.FromDays(parsed.GetValue(days) ?? DefaultDays);
            var holder = Holder.Of(parsed.GetValue(person), parsed.GetValue(role));
            if (holder is null)
            {
                certificates.Make(life);
            }
            else
            {
                certificates.MakeFor(holder.Name, holder.Role, life);
            }

            parsed.InvocationConfiguration.Output.WriteLine(
                (
                    holder is null
                        ? $"{to}/silo is for silos (FF_TLS_FOLDER), {to}/operator and {to}/observer for consoles (--tls); "
                        : $"{to}/{holder.Name} is for a console (--tls); "
                ) + $"keep {keeper}/{Certificates.AuthorityKey} where nobody else can read it."
            );
        });
        return command;
    }

    private static Verb Status()
    {
        var json = Options.Json();
        var command = new Verb("status", "Shows the cluster that `up` started.", "./ff cluster status") { json };
        command.SetAction(parsed => Print(parsed.InvocationConfiguration.Output, LocalCluster.OfUser.Status(), parsed.GetValue(json)));
        return command;
    }

    private static void Print(TextWriter output, LocalClusterStatus cluster, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(cluster, Json.OneLine));
            return;
        }

        if (cluster.Silos.Count == 0)
        {
            output.WriteLine(
                cluster.Kept is { } kept
                    ? $"No cluster is up. {Called.In(ClusterDownVerb.Keeps(kept))}"
                    : $"No cluster is up; `{Called.Name} cluster up` starts one."
            );
            return;
        }

        void Row(params string[] cells) =>
            output.WriteLine(string.Concat(cells.Zip([12, 9, 19, 19], (cell, width) => cell.PadRight(width))) + cells[^1]);
        Row("name", "pid", "silo", "gateway", "http");
        foreach (var silo in cluster.Silos)
        {
            Row(silo.Name, LocalCluster.OfUser.IsAlive(silo) ? $"{silo.Pid}" : "ended", silo.SiloEndpoint, silo.Gateway, silo.Http);
        }

        output.WriteLine(
            $"cluster id {cluster.ClusterId}, Redis "
                + $"{cluster.Redis}{(cluster.Prometheus is { } prometheus ? $", Prometheus {prometheus}" : "")}"
        );
        output.WriteLine($"Train on it: {Called.Name} train --cluster {cluster.Silos[0].Gateway}");
    }
}
