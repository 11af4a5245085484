using System.Text.Json.Nodes;

namespace ForwardForward.Cluster.Tests.Deploy;

public sealed class GrafanaTests
{
    private const string Schema = "tests/ForwardForward.Cluster.Tests/Deploy/GrafanaSchema";

    [Fact]
    public void It_reads_from_Prometheus_under_a_fixed_name()
    {
        var source = Assert.Single(Yaml.Read("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]!.AsArray())!;
        Assert.Equal("prometheus", (string?)source["uid"]);
        Assert.Equal("http://prometheus:9090", (string?)source["url"]);
    }

    [Fact]
    public void Its_dashboards_are_those_of_the_repository_under_fixed_names()
    {
        var provider = Assert.Single(Yaml.Read("deploy/grafana/provisioning/dashboards/forwardforward.yml")["providers"]!.AsArray())!;
        var mounts = Yaml.Read("docker-compose.yml")["services"]!["grafana"]!["volumes"].Texts();

        Assert.Contains($"./deploy/grafana/dashboards:{provider["options"]!["path"]}:ro", mounts);
        Assert.Equal(["ff-cluster", "ff-training"], Dashboards.Files.Select(file => (string)Dashboards.Read(file)["uid"]!));
        Assert.All(Dashboards.Files, file => Assert.Null(Dashboards.Read(file)["id"]));
    }

    [Fact]
    public void Data_source_run_and_silo_can_be_chosen_and_every_panel_goes_by_the_choice()
    {
        foreach (var dashboard in Dashboards.Files.Select(Dashboards.Read))
        {
            var variables = dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!).ToList();
            Assert.Empty(new[] { "datasource", "run", "silo" }.Except(variables));
            Assert.All(
                Dashboards.Panels(dashboard).SelectMany(panel => panel["targets"]!.AsArray().Append(panel)),
                part => Assert.Equal("${datasource}", (string)part!["datasource"]!["uid"]!)
            );
            Assert.All(
                variables,
                name =>
                    Assert.True(
                        name is "datasource" || dashboard["panels"]!.ToJsonString().Contains("$" + name, StringComparison.Ordinal),
                        $"Nothing goes by {name}."
                    )
            );
        }
    }

    [Fact]
    public void Every_panel_says_what_it_shows_in_which_unit_and_none_covers_another()
    {
        foreach (var dashboard in Dashboards.Files.Select(Dashboards.Read))
        {
            var panels = Dashboards.Panels(dashboard).ToList();
            Assert.All(
                panels,
                panel =>
                {
                    Assert.EndsWith(".", (string)panel["description"]!, StringComparison.Ordinal);
                    Assert.NotEmpty((string)panel["fieldConfig"]!["defaults"]!["unit"]!);
                }
            );
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
            var cells = dashboard["panels"]!.AsArray().SelectMany(panel => Cells(panel!["gridPos"]!)).ToList();
            Assert.Equal(cells.Count, cells.Distinct().Count());
            Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        }
    }

    [Fact]
    public void Every_metric_of_ours_is_on_a_panel()
    {
        var queries = string.Join('\n', Dashboards.Queries().Select(query => query.Query));
        var documented = File.ReadLines(Repository.At("docs/metrics.md"))
            .Where(line => line.StartsWith("| `ff.", StringComparison.Ordinal))
            .Select(line => line.Split('`')[3])
            .ToList();

        Assert.True(documented.Count > 20);
        Assert.All(documented, name => Assert.Contains(name, queries, StringComparison.Ordinal));
    }

    /// <summary>Grafana's own types, of the version that docker-compose starts, as npm has them.</summary>
    [InstalledFact("npm")]
    public async Task Dashboards_are_what_Grafana_says_that_dashboards_are()
    {
        var version = (string)
            JsonNode.Parse(await File.ReadAllTextAsync(Repository.At($"{Schema}/package.json")))!["devDependencies"]!["@grafana/schema"]!;
        Assert.Equal($"grafana/grafana:{version}", (string?)Yaml.Read("docker-compose.yml")["services"]!["grafana"]!["image"]);
        var work = Directory.CreateTempSubdirectory("ff-grafana-").FullName;
        foreach (var file in Directory.GetFiles(Repository.At(Schema)))
        {
            File.Copy(file, Path.Combine(work, Path.GetFileName(file)));
        }

        var written = new[] { ("wrong.ts", Dashboards.Files[0]) }.Concat(
            Dashboards.Files.Select(file => ($"{Path.GetFileNameWithoutExtension(file)}.ts", file))
        );
        foreach (var (name, file) in written)
        {
            var dashboard = await File.ReadAllTextAsync(file);
            dashboard = name is "wrong.ts"
                ? dashboard.Replace("\"drawStyle\": \"line\"", "\"drawStyle\": \"lines\"", StringComparison.Ordinal)
                : dashboard;
            await File.WriteAllTextAsync(
                Path.Combine(work, name),
                $"import type {{ DashboardJson }} from './schema';\nexport const dashboard: DashboardJson = {dashboard};\n"
            );
        }

        (await Command.Run("npm", "ci", "--prefix", work, "--no-audit", "--no-fund")).Succeeded();
        var check = await Command.Run(Path.Combine(work, "node_modules", ".bin", "tsc"), "--project", work, "--pretty", "false");
        Directory.Delete(work, recursive: true);

        var errors = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(' ')).ToList();
        Assert.NotEmpty(errors); // it finds what is wrong
        Assert.All(errors, error => Assert.Contains("wrong.ts", error, StringComparison.Ordinal));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode place) =>
        from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
        from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
        select (x, y);
}
