using System.Text.Json;
using System.Text.Json.Nodes;

namespace ForwardForward.Learning.Specs;

/// <summary>A <c>path=value</c> of the command line as the JSON that a spec file would hold for it.</summary>
internal static class SpecAssignment
{
    public const string Origin = "--set";
    private const int DeepestPath = 8;
    private const int ShownCharacters = 60;

    /// <summary>
    /// <c>optimizer.kind=adam</c> becomes <c>{"optimizer": {"kind": "adam"}}</c>; whether the field exists is not looked at.
    /// </summary>
    /// <param name="origin">The option that it comes from, as error sentences begin.</param>
    /// <exception cref="InvalidInputException">There is no path or no equals sign, or a text has half a character.</exception>
    public static JsonElement Read(string assignment, string origin = Origin)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            var shown = assignment.ReplaceLineEndings(" ");
            throw new InvalidInputException($"{origin}: '{shown}' assigns nothing, expected path=value as in optimizer.learningRate=0.02.");
        }

        var path = assignment[..equals].Trim();
        if (path.AsSpan().Count('.') > DeepestPath)
        {
            throw new InvalidInputException(
                $"{origin}: there is no field '{path[..Math.Min(path.Length, ShownCharacters)].ReplaceLineEndings(" ")}...', "
                    + "expected a path as in optimizer.learningRate."
            );
        }

        var value = Value(SpecFields.Find(path), assignment[(equals + 1)..].Trim());
        var nested = path.Split('.').Reverse().Aggregate(value, (inner, name) => new JsonObject { [name] = inner });
        return SpecJson.OfWholeCharacters(JsonSerializer.SerializeToElement(nested), origin);
    }

    // What does not read as JSON stays text, and the check then says what the field takes.
    private static JsonNode? Value(SpecField? field, string text) =>
        field switch
        {
            null or TextField or ChoiceField => text,
            ListField when !text.StartsWith('[') => SpecJson.TryRead($"[{text}]") ?? text,
            _ => SpecJson.TryRead(text) ?? text,
        };
}
