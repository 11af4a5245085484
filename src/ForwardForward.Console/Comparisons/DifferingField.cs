using System.Text.Json;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Comparisons;

/// <summary>A field of the spec in which runs differ.</summary>
/// <param name="Path">As <c>--set</c> takes it.</param>
/// <param name="Values">Of each run.</param>
internal sealed record DifferingField(string Path, IReadOnlyList<JsonElement> Values)
{
    /// <summary>Those of some specs, in the order in which a spec has its fields.</summary>
    public static IReadOnlyList<DifferingField> Of(IEnumerable<ExperimentSpec> specs)
    {
        var values = specs.Select(spec => JsonSerializer.SerializeToElement(spec, SpecJson.OneLine)).ToList();
        return [.. Below("", SpecFields.Spec, values)];
    }

    /// <summary>Each value as a person would set it: lists of numbers with commas, lists of objects as JSON.</summary>
    public IReadOnlyList<string> Texts => [.. Values.Select(Text)];

    private static IEnumerable<DifferingField> Below(string path, GroupField group, IReadOnlyList<JsonElement> values) =>
        group.Fields.SelectMany(field =>
        {
            var inner = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            List<JsonElement> own = [.. values.Select(value => value.GetProperty(field.Name))];
            return field is GroupField below ? Below(inner, below, own)
                : own.Skip(1).All(value => JsonElement.DeepEquals(value, own[0])) ? []
                : [new DifferingField(inner, own)];
        });

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Number => string.Join(
                ',',
                value.EnumerateArray().Select(number => number.GetRawText())
            ),
            _ => JsonSerializer.Serialize(value),
        };
}
