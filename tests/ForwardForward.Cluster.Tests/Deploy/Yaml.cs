using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ForwardForward.Cluster.Tests.Deploy;

internal static class Yaml
{
    /// <summary>A file of the repository with one YAML document, as JSON: merge keys applied, every scalar a string.</summary>
    public static JsonNode Read(string path) => Parse(File.ReadAllText(Repository.At(path)));

    /// <summary>Text of one YAML document, likewise.</summary>
    public static JsonNode Parse(string text)
    {
        var value = new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(new StringReader(text))));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(value))!;
    }

    /// <summary>The strings of a list; none where there is no list.</summary>
    public static string[] Texts(this JsonNode? list) => [.. (list?.AsArray() ?? []).Select(item => (string)item!)];
}
