using System.Text.Json.Nodes;

namespace ForwardForward.Cluster.Tests.Deploy;

/// <summary>The dashboards as they lie in deploy/grafana.</summary>
internal static class Dashboards
{
    public static IReadOnlyList<string> Files { get; } =
    [.. Directory.GetFiles(Repository.At("deploy/grafana/dashboards"), "*.json").Order(StringComparer.Ordinal)];

    public static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;

    public static IEnumerable<JsonNode> Panels(JsonNode dashboard) =>
        dashboard["panels"]!.AsArray().Where(panel => (string)panel!["type"]! != "row")!;

    /// <summary>Every query of every dashboard with the title of its panel.</summary>
    public static IEnumerable<(string Panel, string Query)> Queries() =>
        from file in Files
        from panel in Panels(Read(file))
        from target in panel["targets"]!.AsArray()
        select ($"{Path.GetFileNameWithoutExtension(file)}: {panel["title"]}", (string)target["expr"]!);
}
