using System.Text.Json;
using System.Text.Json.Nodes;
using ForwardForward.Learning.Plugins;

namespace ForwardForward.Learning.Specs;

/// <summary>Reads, changes and writes specs; whatever it returns has passed <see cref="Validate"/>.</summary>
public static class SpecReader
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a spec; fields that the JSON does not give keep the value of its <c>preset</c>, else the default.</summary>
    /// <param name="json">An object, possibly with comments and trailing commas.</param>
    /// <param name="origin">Where the text comes from, as error sentences begin: a file's name.</param>
    /// <exception cref="InvalidInputException">
    /// The text is no JSON, or a field is unknown, given twice, of the wrong type or out of range.
    /// </exception>
    public static ExperimentSpec Parse(string json, string origin)
    {
        var read = LayerObjects.Split(SpecJson.Read(json, origin), origin);
        RequirePlugins(read, origin);
        var given = Accept(SpecFields.File, read, origin);
        var preset = (string?)given["preset"];
        given.Remove("preset");
        given.Remove("$schema");
        return Overlay(preset is null ? new() : Presets.Get(preset), given, origin);
    }

    /// <summary>Reads a spec file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or as for <see cref="Parse"/>.</exception>
    public static ExperimentSpec ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException($"{path}: there is no such file, expected a spec in JSON.");
        }

        try
        {
            var bytes = new FileInfo(path).Length;
            return bytes <= MaxBytes
                ? Parse(File.ReadAllText(path), path)
                : throw new InvalidInputException($"{path} has {bytes} bytes, expected a spec of at most {MaxBytes}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: the file cannot be read, expected a spec in JSON.", e);
        }
    }

    /// <summary>
    /// Whether two texts of specs are of one experiment: fields that one of them does not give, as those written by an earlier version do
    /// not, have their defaults, and one that does not know its data fits any.
    /// </summary>
    internal static bool AreEqual(string json, string other) =>
        json.Trim() == other.Trim()
        || (
            Comparable(json) is { } one
            && Comparable(other) is { } two
            && Write(one with { DatasetSha256 = DataOf(one, two) }) == Write(two with { DatasetSha256 = DataOf(two, one) })
        );

    /// <summary>Every field as indented JSON that ends with a new line; <see cref="Parse"/> reads the same spec back.</summary>
    public static string Write(ExperimentSpec spec) => SpecJson.Write(Node(spec));

    /// <summary>Sets fields in order, each given as <c>path=value</c>: <c>optimizer.learningRate=0.02</c>, <c>layers=500,500</c>.</summary>
    /// <exception cref="InvalidInputException">An assignment has no equals sign, or as for <see cref="Parse"/>.</exception>
    public static ExperimentSpec Set(ExperimentSpec spec, IEnumerable<string> assignments) => Set(spec, assignments, SpecAssignment.Origin);

    /// <param name="origin">The option that they come from, as error sentences begin.</param>
    /// <inheritdoc cref="Set(ExperimentSpec, IEnumerable{string})"/>
    internal static ExperimentSpec Set(ExperimentSpec spec, IEnumerable<string> assignments, string origin) =>
        assignments
            .Select(assignment => Accept(SpecFields.Spec, SpecAssignment.Read(assignment, origin), origin))
            .Aggregate(spec, (changed, given) => Overlay(changed, given, origin));

    /// <summary>Holds every value against the range that its record declares.</summary>
    /// <exception cref="InvalidInputException">A value is out of range or no number.</exception>
    public static void Validate(ExperimentSpec spec, string origin)
    {
        PluginSet.Require(spec.Plugins);
        Accept(SpecFields.Spec, JsonSerializer.SerializeToElement(spec, SpecJson.OneLine), origin);
    }

    // Before the names that it adds are looked for.
    private static void RequirePlugins(JsonElement spec, string origin)
    {
        if (
            spec.ValueKind == JsonValueKind.Object
            && spec.TryGetProperty("plugins", out var plugins)
            && plugins.ValueKind == JsonValueKind.String
        )
        {
            try
            {
                PluginSet.Require(plugins.GetString()!);
            }
            catch (MissingPluginException e)
            {
                throw new MissingPluginException($"{origin}: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..]}");
            }
        }
    }

    private static string DataOf(ExperimentSpec spec, ExperimentSpec other) => other.DatasetSha256.Length == 0 ? "" : spec.DatasetSha256;

    private static ExperimentSpec? Comparable(string json)
    {
        try
        {
            var spec = Parse(json, "");
            // what is filled in once a run starts: it changes nothing that it computes, or is of the data, which have a SHA-256
            return spec with { Images = spec.Images with { Figures = FigurePlacement.Auto, ClassNames = "", Channels = 1, Height = 0 } };
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private static ExperimentSpec Overlay(ExperimentSpec spec, JsonObject given, string origin)
    {
        var merged = Node(spec);
        SpecJson.Merge(merged, given);
        var result = merged.Deserialize<ExperimentSpec>(SpecJson.OneLine)!;
        Validate(result, origin);
        return result;
    }

    private static JsonObject Accept(GroupField fields, JsonElement value, string origin) => new SpecCheck(origin).Accept(fields, value);

    private static JsonObject Node(ExperimentSpec spec)
    {
        var node = JsonSerializer.SerializeToNode(spec, SpecJson.OneLine)!.AsObject();
        if (spec.Exact)
        {
            node.Remove(SpecJson.OneLine.PropertyNamingPolicy!.ConvertName(nameof(spec.Exact))); // specs are the texts they were before
        }

        return node;
    }
}
