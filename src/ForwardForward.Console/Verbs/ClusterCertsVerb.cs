using ForwardForward.Client;
using ForwardForward.Console.Clusters;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

internal static class ClusterCertsVerb
{
    public static Verb Command()
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
}
