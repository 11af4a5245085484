using System.Text.Json;
using System.Text.Json.Nodes;

namespace ForwardForward.Learning.Specs;

/// <summary>Holds JSON against the declared fields and refuses the first thing that does not fit.</summary>
/// <param name="origin">Where the JSON comes from, as an error sentence begins: a file, an option.</param>
internal sealed class SpecCheck(string origin)
{
    private const int ShownCharacters = 60;

    /// <summary>The same JSON with every name as declared.</summary>
    /// <exception cref="InvalidInputException">A field is unknown, given twice, of the wrong type or out of range.</exception>
    public JsonObject Accept(GroupField spec, JsonElement value) => Accept(spec, value, "").AsObject();

    private JsonNode Accept(SpecField field, JsonElement value, string path) =>
        (field, value.ValueKind) switch
        {
            (TextField text, JsonValueKind.String) when value.GetString()!.Length <= text.MaximumLength => JsonValue.Create(
                value.GetString()!
            ),
            (FlagField, JsonValueKind.True or JsonValueKind.False) => JsonValue.Create(value.GetBoolean()),
            (ChoiceField choice, JsonValueKind.String) => Choice(choice, value, path),
            (WholeField whole, JsonValueKind.Number)
                when value.TryGetInt32(out var number) && number >= whole.Minimum && number <= whole.Maximum => JsonValue.Create(number),
            (NumberField range, JsonValueKind.Number)
                when value.TryGetDouble(out var number) && number >= range.Minimum && number <= range.Maximum => JsonValue.Create(number),
            (ListField list, JsonValueKind.Array)
                when value.GetArrayLength() >= list.MinimumLength && value.GetArrayLength() <= list.MaximumLength => List(
                list,
                value,
                path
            ),
            (GroupField group, JsonValueKind.Object) => Group(group, value, path),
            _ => throw Unfit(field, value, path, "."),
        };

    private JsonValue Choice(ChoiceField field, JsonElement value, string path)
    {
        var given = value.GetString()!;
        var choice = field.Choices.FirstOrDefault(choice => choice.Equals(given, StringComparison.OrdinalIgnoreCase));
        return choice is not null ? JsonValue.Create(choice) : throw Unfit(field, value, path, Suggestion.Ending(given, field.Choices));
    }

    private JsonArray List(ListField field, JsonElement value, string path) =>
        new([.. value.EnumerateArray().Select((element, i) => Accept(field.Element, element, $"{path}[{i}]"))]);

    private JsonObject Group(GroupField group, JsonElement value, string path)
    {
        var accepted = new JsonObject();
        foreach (var property in value.EnumerateObject())
        {
            var inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            var field = group.Find(property.Name) ?? throw Unknown(group, property, inner);
            if (!accepted.TryAdd(field.Name, Accept(field, property.Value, inner)))
            {
                throw new InvalidInputException($"{origin}: {inner} is given twice, expected once.");
            }
        }

        return accepted;
    }

    private InvalidInputException Unknown(GroupField group, JsonProperty given, string path)
    {
        var name = given.Name;
        var meant =
            Suggestion.Nearest(name, group.Names)
            ?? SpecFields.Elsewhere(name)
            ?? group.Names.FirstOrDefault(known => Initials(known).Equals(name, StringComparison.OrdinalIgnoreCase));
        // `optimizer.lr=`: what may stand there?
        var asks = given.Value.ValueKind == JsonValueKind.String && given.Value.GetString()!.Length == 0;
        var takes = asks && meant is not null ? (group.Find(meant) ?? SpecFields.Find(meant))?.Expected : null;
        var ending = meant is null
            ? $"; expected one of {string.Join(", ", group.Names)}."
            : $"; did you mean '{meant}'{(takes is null ? "" : $", {takes}")}?";
        return new($"{origin}: there is no field '{Short(path)}'{ending}");
    }

    private InvalidInputException Unfit(SpecField field, JsonElement value, string path, string ending)
    {
        var subject = path.Length == 0 ? "the spec" : path;
        var shown = Short(JsonSerializer.Serialize(value, SpecJson.OneLine));
        return new($"{origin}: {subject} is {shown}, expected {field.Expected}{ending}");
    }

    // Of learningRate: lr.
    private static string Initials(string name) => string.Concat(name.Where((letter, i) => i == 0 || char.IsUpper(letter)));

    private static string Short(string text) =>
        (text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "...").ReplaceLineEndings(" ");
}
