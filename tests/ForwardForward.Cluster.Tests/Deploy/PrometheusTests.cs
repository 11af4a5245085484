using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ForwardForward.Cluster.Tests.Deploy;

public sealed partial class PrometheusTests
{
    private const string Configuration = "deploy/prometheus/prometheus.yml";

    [InstalledFact("promtool")]
    public async Task Promtool_accepts_the_configuration() =>
        (await Command.Run("promtool", "check", "config", Repository.At(Configuration))).Succeeded();

    [InstalledFact("promtool")]
    public async Task A_healthy_run_raises_no_alert_and_one_where_everything_goes_wrong_raises_each() =>
        Assert.Contains(
            "SUCCESS",
            (await Command.Run("promtool", "test", "rules", Repository.At("deploy/prometheus/rules.test.yml"))).Succeeded(),
            StringComparison.Ordinal
        );

    [Fact]
    public void Rules_speak_of_documented_metrics_and_every_alert_has_a_sentence_and_is_tested()
    {
        var documented = File.ReadLines(Repository.At("docs/metrics.md"))
            .Where(line => line.StartsWith("| `ff.", StringComparison.Ordinal))
            .Select(line => line.Split('`')[3])
            .ToHashSet();
        var rules = Yaml.Read("deploy/prometheus/rules.yml")["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        var tested = File.ReadAllText(Repository.At("deploy/prometheus/rules.test.yml"));

        Assert.All(rules.SelectMany(rule => MetricName().Matches((string)rule!["expr"]!)), name => Assert.Contains(name.Value, documented));
        Assert.All(
            rules.Where(rule => rule!["alert"] is not null),
            alert =>
            {
                Assert.EndsWith(".", (string)alert!["annotations"]!["summary"]!, StringComparison.Ordinal);
                Assert.Contains($"alertname=\"{alert["alert"]}\"", tested, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void One_job_scrapes_the_silos_of_a_file_beside_the_configuration()
    {
        var configuration = Yaml.Read(Configuration);
        var job = Assert.Single(configuration["scrape_configs"]!.AsArray())!;
        Assert.Equal("forwardforward", (string?)job["job_name"]);
        Assert.Equal("/metrics", (string?)job["metrics_path"]);
        Assert.Equal("true", job["honor_labels"]!.ToString()); // a run's metrics name the silo themselves
        Assert.Equal(["silos.json"], Assert.Single(job["file_sd_configs"]!.AsArray())!["files"].Texts());
        Assert.Equal("5s", (string?)configuration["global"]!["scrape_interval"]);
    }

    [Fact]
    public void The_targets_are_the_silos_of_docker_compose()
    {
        var targets = JsonNode.Parse(File.ReadAllText(Repository.At("deploy/prometheus/silos.json")))!.AsArray();
        var silos = Yaml.Read("docker-compose.yml")["services"]!
            .AsObject()
            .Select(s => s.Key)
            .Where(name => name.StartsWith("silo-", StringComparison.Ordinal));
        Assert.Equal(silos, targets.Select(t => (string)t!["labels"]!["silo"]!));
        Assert.All(targets, t => Assert.Equal([$"{t!["labels"]!["silo"]}:8080"], t["targets"].Texts()));
        Assert.Contains("8080", new Dockerfile().The("EXPOSE").Split(' '));
    }

    [GeneratedRegex("\\bff_[a-z_]+")]
    private static partial Regex MetricName();
}
