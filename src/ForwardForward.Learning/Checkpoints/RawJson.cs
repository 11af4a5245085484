using System.Text.Json;
using System.Text.Json.Serialization;

namespace ForwardForward.Learning.Checkpoints;

/// <summary>A text that is JSON itself stands in the file as such, to be read by eye, and comes back character by character.</summary>
internal sealed class RawJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value.Trim());
}
