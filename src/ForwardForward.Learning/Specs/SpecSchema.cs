using System.Text.Json;
using System.Text.Json.Nodes;

namespace ForwardForward.Learning.Specs;

/// <summary>The JSON Schema (draft 2020-12) of spec files, from which editors complete and check.</summary>
internal static class SpecSchema
{
    /// <summary>The schema as indented text that ends with a new line.</summary>
    public static string Generate()
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema" };
        SpecJson.Merge(schema, Schema(SpecFields.File, JsonSerializer.SerializeToNode(new ExperimentSpec(), SpecJson.OneLine)));
        return SpecJson.Write(schema);
    }

    private static JsonObject Schema(SpecField field, JsonNode? defaults)
    {
        var schema = new JsonObject();
        if (field.Description.Length > 0)
        {
            schema["description"] = field.Description;
        }

        SpecJson.Merge(schema, Type(field, defaults));
        if (field is not GroupField && defaults is not null)
        {
            schema["default"] = defaults.DeepClone();
        }

        return schema;
    }

    private static JsonObject Type(SpecField field, JsonNode? defaults) =>
        field switch
        {
            TextField text => new() { ["type"] = "string", ["maxLength"] = text.MaximumLength },
            FlagField => new() { ["type"] = "boolean" },
            WholeField whole => new()
            {
                ["type"] = "integer",
                ["minimum"] = whole.Minimum,
                ["maximum"] = whole.Maximum,
            },
            NumberField number => new()
            {
                ["type"] = "number",
                ["minimum"] = number.Minimum,
                ["maximum"] = number.Maximum,
            },
            ChoiceField choice => new() { ["enum"] = new JsonArray([.. choice.Choices.Select(name => JsonValue.Create(name))]) },
            ListField list => new()
            {
                ["type"] = "array",
                ["items"] = Schema(list.Element, null),
                ["minItems"] = list.MinimumLength,
                ["maxItems"] = list.MaximumLength,
            },
            GroupField group => new()
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(
                    group.Fields.Select(inner => KeyValuePair.Create(inner.Name, (JsonNode?)Schema(inner, defaults?[inner.Name])))
                ),
                ["additionalProperties"] = false,
            },
            _ => new() { ["type"] = "string" },
        };
}
