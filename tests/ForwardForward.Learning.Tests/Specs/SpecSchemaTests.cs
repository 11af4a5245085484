using System.Text.Json;
using System.Text.Json.Nodes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tests.Plugins;

namespace ForwardForward.Learning.Tests.Specs;

public sealed class SpecSchemaTests
{
    [Fact]
    public void The_committed_schema_is_what_the_records_say()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "spec.schema.json");
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURE") == "true")
        {
            File.WriteAllText(path, BuiltIn());
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == BuiltIn(),
            "docs/spec.schema.json is out of date; running this test with WRITE_FIXTURE=true in the environment writes it."
        );
    }

    [Fact]
    public void The_schema_gives_type_range_default_and_description_of_a_nested_field()
    {
        var rate = Schema()["properties"]!["optimizer"]!["properties"]!["learningRate"]!;

        Assert.Equal("number", (string?)rate["type"]);
        Assert.Equal((0, 10, 0.01), ((double)rate["minimum"]!, (double)rate["maximum"]!, (double)rate["default"]!));
        Assert.StartsWith("Learning rate of the layers", (string?)rate["description"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_object_of_the_schema_is_closed_and_the_file_may_name_schema_and_preset()
    {
        var schema = Schema();
        var properties = schema["properties"]!.AsObject();
        var groups = properties.Select(property => property.Value!).Where(field => (string?)field["type"] == "object").Append(schema);

        Assert.All(groups, group => Assert.False((bool)group["additionalProperties"]!));
        Assert.Equal("string", (string?)properties["$schema"]!["type"]);
        Assert.Equal(Presets.Names, properties["preset"]!["enum"].Deserialize<string[]>());
    }

    [Fact]
    public void The_schema_names_exactly_the_fields_that_a_written_spec_has()
    {
        var spec = JsonNode.Parse(SpecReader.Write(new() { Exact = false }))!;

        Assert.Equal(Leaves(spec, "").Order(), SchemaLeaves(Schema(), "").Except(["$schema", "preset"]).Order());
    }

    // What tests of this assembly add to the registries is nobody's who reads the document.
    private static string BuiltIn()
    {
        var schema = Schema();
        foreach (var (group, own) in new[] { ("goodness", OwnParts.Goodness), ("optimizer", OwnParts.Optimizer) })
        {
            var names = schema["properties"]![group]!["properties"]!["kind"]!["enum"]!.AsArray();
            names.Remove(names.FirstOrDefault(name => (string?)name == own));
        }

        return SpecJson.Write(schema);
    }

    private static JsonNode Schema() => JsonNode.Parse(SpecSchema.Generate())!;

    private static IEnumerable<string> Leaves(JsonNode? node, string path) =>
        node is JsonObject group ? group.SelectMany(field => Leaves(field.Value, $"{path}.{field.Key}".TrimStart('.'))) : [path];

    private static IEnumerable<string> SchemaLeaves(JsonNode? schema, string path) =>
        schema?["properties"] is JsonObject properties
            ? properties.SelectMany(field => SchemaLeaves(field.Value, $"{path}.{field.Key}".TrimStart('.')))
            : [path];

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ForwardForward.Orleans.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No folder above the tests holds ForwardForward.Orleans.sln.");
    }
}
