using System.Text.Json;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A field of the spec by its dotted path.</summary>
internal static class FieldPath
{
    /// <summary>The path as the spec declares it, whatever the case of the letters.</summary>
    /// <param name="path">Of a field that there is.</param>
    public static string Declared(string path)
    {
        var names = new List<string>();
        SpecField field = SpecFields.Spec;
        foreach (var name in path.Trim().Split('.'))
        {
            field = ((GroupField)field).Find(name)!;
            names.Add(field.Name);
        }

        return string.Join('.', names);
    }

    /// <summary>Whether one is the other, or holds it.</summary>
    public static bool Overlap(string one, string other) =>
        one == other || one.StartsWith($"{other}.", StringComparison.Ordinal) || other.StartsWith($"{one}.", StringComparison.Ordinal);

    /// <summary>What the spec has there.</summary>
    public static JsonElement Value(ExperimentSpec spec, string path) =>
        path.Split('.').Aggregate(JsonDocument.Parse(SpecReader.Write(spec)).RootElement, (group, name) => group.GetProperty(name)).Clone();

    /// <summary>A value as it stands behind the equals sign of an assignment.</summary>
    public static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(item => item.GetRawText()))}]",
            _ => value.GetRawText(),
        };
}
