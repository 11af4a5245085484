using System.Text.Json;
using ForwardForward.Console.Clusters.Local;
using ForwardForward.Console.CommandLine;

namespace ForwardForward.Console.Verbs;

/// <summary>A cluster's silos as a person or a program reads them.</summary>
internal static class ClusterTable
{
    /// <param name="states">What stands in the place of each silo's process number; null: as a local cluster's processes are.</param>
    public static void Print(TextWriter output, LocalClusterStatus cluster, bool json, IReadOnlyDictionary<string, string>? states = null)
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

        var wide = Math.Max(12, cluster.Silos.Max(silo => silo.Name.Length) + 2);
        void Row(params string[] cells) =>
            output.WriteLine(string.Concat(cells.Zip([wide, 9, 19, 19], (cell, width) => cell.PadRight(width))) + cells[^1]);
        Row("name", "pid", "silo", "gateway", "http");
        foreach (var silo in cluster.Silos)
        {
            Row(silo.Name, states?[silo.Name] ?? $"{silo.Pid}", silo.SiloEndpoint, silo.Gateway, silo.Http);
        }

        output.WriteLine(
            $"cluster id {cluster.ClusterId}, {(cluster.Redis is null ? "no Redis" : $"Redis {cluster.Redis}")}"
                + $"{(cluster.Prometheus is { } prometheus ? $", Prometheus {prometheus}" : "")}"
        );
        if (cluster.Redis is null)
        {
            output.WriteLine(
                $"Without a Redis or a Valkey the silos meet in {cluster.Silos[0].Name}: good for trying out, since the cluster ends "
                    + "with it; its runs are there again after `cluster down` and `up` (on Debian: apt-get install redis-server)."
            );
        }

        output.WriteLine($"Train on it: {Called.Name} train --cluster {cluster.Silos[0].Gateway}");
    }
}
