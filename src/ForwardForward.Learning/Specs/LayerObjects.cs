using System.Text.Json;
using System.Text.Json.Nodes;

namespace ForwardForward.Learning.Specs;

/// <summary>
/// Layers that a person wrote as objects, each with its channels and how it convolves: the numbers go to <c>layers</c>, the rest to
/// <c>convolutions</c>.
/// </summary>
internal static class LayerObjects
{
    private const string Layers = "layers";
    private const string Convolutions = "convolutions";
    private const string Channels = "channels";

    /// <param name="spec">As read.</param>
    /// <param name="origin">Where it comes from, as error sentences begin.</param>
    /// <returns>The same where it has none.</returns>
    /// <exception cref="InvalidInputException">A layer has no channels, or convolutions are given twice.</exception>
    public static JsonElement Split(JsonElement spec, string origin)
    {
        if (
            spec.ValueKind != JsonValueKind.Object
            || !spec.TryGetProperty(Layers, out var layers)
            || layers.ValueKind != JsonValueKind.Array
            || !layers.EnumerateArray().Any(layer => layer.ValueKind == JsonValueKind.Object)
        )
        {
            return spec;
        }

        if (spec.TryGetProperty(Convolutions, out _))
        {
            throw new InvalidInputException($"{origin}: {Convolutions} is given, and in {Layers} too; expected one of them.");
        }

        JsonArray channels = [],
            convolutions = [];
        foreach (var (layer, i) in layers.EnumerateArray().Select((layer, i) => (layer, i)))
        {
            if (layer.ValueKind != JsonValueKind.Object || !layer.TryGetProperty(Channels, out var own))
            {
                throw new InvalidInputException(
                    $"{origin}: {Layers}[{i}] has no {Channels}, expected an object with them, as the others have."
                );
            }

            channels.Add(JsonNode.Parse(own.GetRawText()));
            convolutions.Add(Without(layer, Channels, origin));
        }

        var split = Without(spec, Layers, origin);
        (split[Layers], split[Convolutions]) = (channels, convolutions);
        return JsonSerializer.SerializeToElement(split);
    }

    private static JsonObject Without(JsonElement value, string name, string origin)
    {
        var rest = new JsonObject();
        foreach (var property in value.EnumerateObject().Where(property => property.Name != name))
        {
            // what is given twice must be found twice by whoever checks it
            if (!rest.TryAdd(property.Name, JsonNode.Parse(property.Value.GetRawText())))
            {
                throw new InvalidInputException($"{origin}: {property.Name} is given twice, expected once.");
            }
        }

        return rest;
    }
}
