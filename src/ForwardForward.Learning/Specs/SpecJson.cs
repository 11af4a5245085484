using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace ForwardForward.Learning.Specs;

/// <summary>The JSON that specs are written in: comments and trailing commas read, lists of numbers written on one line.</summary>
internal static partial class SpecJson
{
    private const int ShownCharacters = 200;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What no spec may hold (NaN, an undefined enum value) is still written, so that a check can name it.</summary>
    public static JsonSerializerOptions OneLine { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };

    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The value that the text holds.</summary>
    /// <exception cref="InvalidInputException">
    /// The text is empty or no JSON, and the sentence names the line; or a text in it has half a character.
    /// </exception>
    public static JsonElement Read(string text, string origin)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidInputException($"{origin}: the text is empty, expected a JSON object.");
        }

        try
        {
            using var document = JsonDocument.Parse(Bytes(text), Lenient);
            return OfWholeCharacters(document.RootElement.Clone(), origin);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException($"{origin}, line {e.LineNumber + 1}: the text is not valid JSON, {Reason(e)}.", e);
        }
    }

    /// <summary>The same value, in which every name and every text can be asked for.</summary>
    /// <exception cref="InvalidInputException">
    /// A text or a name has half a surrogate pair, written as an escape: that parses, and throws where it is read, or compared with.
    /// </exception>
    public static JsonElement OfWholeCharacters(JsonElement value, string origin)
    {
        try
        {
            ReadTexts(value);
            return value;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidInputException($"{origin}: a text has half a character (a lone \\uD800 to \\uDFFF), expected Unicode.", e);
        }
    }

    /// <summary>The value that the text holds, or null where it is no JSON.</summary>
    public static JsonNode? TryRead(string text)
    {
        try
        {
            return JsonNode.Parse(Bytes(text), documentOptions: Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Indented text that ends with a new line.</summary>
    public static string Write(JsonNode value) =>
        NumbersOverLines().Replace(value.ToJsonString(Indented), list => Gap().Replace(list.Value, after => after.Value == "," ? ", " : ""))
        + "\n";

    /// <summary>Puts the values of <paramref name="over"/> in place of those below; groups are merged, lists replaced.</summary>
    public static void Merge(JsonObject below, JsonObject over)
    {
        foreach (var (name, value) in over)
        {
            if (value is JsonObject group && below[name] is JsonObject groupBelow)
            {
                Merge(groupBelow, group);
            }
            else
            {
                below[name] = value?.DeepClone();
            }
        }
    }

    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    ReadTexts(property.Value);
                }

                break;
        }
    }

    // Half a surrogate pair becomes U+FFFD here; handed over as a string it would end in an ArgumentException.
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // The reader's own message: one or two sentences, then the position.
    private static string Reason(JsonException e)
    {
        var message = e.Message.Split(" LineNumber:")[0].ReplaceLineEndings(" "); // it may show some of the text
        var shown = message.Length <= ShownCharacters ? message : message[..ShownCharacters] + "...";
        var sentences = shown.TrimEnd('.').Split(". ", StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", sentences.Select(sentence => char.ToLowerInvariant(sentence[0]) + sentence[1..]));
    }

    // A text in JSON holds no raw line break, so this finds lists only.
    [GeneratedRegex(@"\[\n[\s\d,.eE+-]+\]")]
    private static partial Regex NumbersOverLines();

    [GeneratedRegex(@",|\s+")]
    private static partial Regex Gap();
}
