using System.Text.Json;
using System.Text.RegularExpressions;
using ForwardForward.Cluster.Tests.Deploy;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>Three silos and a Prometheus, as <c>cluster up --silos 3 --prometheus</c> starts them, while a run trains on them.</summary>
public sealed class ObservedClusterTests(ObservedCluster cluster) : IClassFixture<ObservedCluster>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2); // a rate takes two scrapes, 5 s apart

    // Left out where the machine was busy while its matrix rate was measured, as it is beside other tests.
    private const string MatrixRateShare = "ff_run_matrix_rate_utilization";

    [ObservedFact]
    public async Task Every_panel_and_every_alert_finds_what_it_asks_for()
    {
        var run = await cluster.StartEndless("observed", "--set", "checkpoint.everySlots=50", "--set", "evaluation.goodnessEvery=1");
        var asked = Dashboards
            .Queries()
            .Where(query => !query.Query.Contains(MatrixRateShare, StringComparison.Ordinal))
            .Select(query => (query.Panel, Query: Chosen(query.Query, run)))
            .Concat(Selectors())
            .ToList();
        List<string> empty = [];
        await Event.Of(
            "every query has an answer",
            async () =>
            {
                empty = [];
                foreach (var (panel, query) in asked)
                {
                    if ((await cluster.Ask(query)).GetArrayLength() == 0)
                    {
                        empty.Add($"{panel}: {query}");
                    }
                }

                return empty.Count == 0;
            },
            Timeout,
            () => string.Join('\n', empty)
        );
        var stopped = await cluster.Console.Run("stop", run, "--cluster", cluster.Gateway(1));

        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.True(asked.Count > 60, $"{asked.Count} queries are not all.");
        Assert.Empty((await cluster.Ask("ALERTS{alertstate=\"firing\"}")).EnumerateArray());
    }

    [ObservedFact]
    public async Task The_throughput_panel_and_the_summary_agree()
    {
        var done = await cluster.Train("--json", "--epochs", "500");
        Assert.True(done.ExitCode == 0, done.Error);
        var run = done.Json.GetProperty("run").GetString()!;
        var (expected, measured) = (done.Json.GetProperty("samplesPerSecond").GetDouble(), 0.0);
        await Event.Of(
            "every silo was scraped after the end of the run and the panel shows the summary's throughput",
            async () =>
            {
                var shown = await cluster.Ask(Chosen(SoFar, run));
                measured = shown.GetArrayLength() == 0 ? 0 : Value(shown[0]);
                return measured / expected is > 0.95 and < 1.05
                    && (await cluster.Ask($"ff_run_state{{run=\"{run}\", state=\"done\"}} == 1")).GetArrayLength() > 0;
            },
            Timeout,
            () => $"The panel shows {measured}, the summary {expected}."
        );
    }

    private static string SoFar =>
        Dashboards
            .Queries()
            .Single(query => query.Panel == "training: Throughput" && query.Query.Contains("elapsed", StringComparison.Ordinal))
            .Query;

    // As Grafana puts the choices of a person in.
    private static string Chosen(string query, string run) =>
        query
            .Replace("$run", run, StringComparison.Ordinal)
            .Replace("$silo", ".*", StringComparison.Ordinal)
            .Replace("$layer", "[0-9]+", StringComparison.Ordinal)
            .Replace("$__rate_interval", "20s", StringComparison.Ordinal);

    // An alert that answers is one that fires: what it looks at must be there. A failed checkpoint is there once one has failed.
    private static IEnumerable<(string Panel, string Query)> Selectors() =>
        from rule in Yaml.Read("deploy/prometheus/rules.yml")["groups"]!.AsArray().SelectMany(@group => @group!["rules"]!.AsArray())
        from Match selector in Regex.Matches((string)rule!["expr"]!, "\\b(?:ff_[a-z_]+|up)(?:\\{[^}]*\\})?")
        where !selector.Value.StartsWith("ff_checkpoint_failures_total", StringComparison.Ordinal)
        select ($"{rule["alert"] ?? rule["record"]}", selector.Value);

    private static double Value(JsonElement sample) =>
        double.Parse(sample.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
