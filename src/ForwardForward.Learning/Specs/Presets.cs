namespace ForwardForward.Learning.Specs;

/// <summary>A built-in experiment.</summary>
internal sealed record Preset(string Name, string Description, ExperimentSpec Spec);

/// <summary>The built-in experiments: a JSON file each, embedded in this assembly.</summary>
public static class Presets
{
    private const string Prefix = "ForwardForward.Learning.Specs.Presets.";
    private const string Suffix = ".json";

    private static readonly Lock Adding = new();
    private static readonly Dictionary<string, string> Added = new(StringComparer.OrdinalIgnoreCase); // of plug-ins and hosts

    private static readonly IReadOnlyList<string> Ours =
    [
        .. typeof(Presets)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The names: ours in alphabetical order, then those that were added.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            lock (Adding)
            {
                return [.. Ours, .. Added.Keys];
            }
        }
    }

    /// <summary>Makes an experiment known by a name.</summary>
    /// <param name="json">A spec: what differs from the defaults, or from its <c>preset</c>.</param>
    /// <exception cref="InvalidInputException">The name is taken, or the spec cannot be read.</exception>
    public static void Add(string name, string json)
    {
        SpecReader.Parse(json, $"preset {name}");
        lock (Adding)
        {
            if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase) || !Added.TryAdd(name, json))
            {
                throw new InvalidInputException($"There is a preset '{name}' already, expected another name.");
            }
        }
    }

    // Read anew each time: kept in a static field, presets and declared fields would wait for each other's initializer.
    internal static IReadOnlyList<Preset> All =>
        [
            .. Names
                .Select(name => (Name: name, Spec: Get(name)))
                .Select(preset => new Preset(preset.Name, preset.Spec.Description, preset.Spec)),
        ];

    /// <summary>The spec with that name, in any case of its letters.</summary>
    /// <exception cref="InvalidInputException">There is no such preset.</exception>
    public static ExperimentSpec Get(string name) => SpecReader.Parse(Json(name), $"preset {name}");

    /// <summary>The embedded text: only what differs from the defaults.</summary>
    /// <exception cref="InvalidInputException">There is no such preset.</exception>
    public static string Json(string name)
    {
        var known =
            Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidInputException(
                $"there is no preset '{name}', expected one of {string.Join(", ", Names)}{Suggestion.Ending(name, Names)}"
            );
        lock (Adding)
        {
            if (Added.TryGetValue(known, out var json))
            {
                return json;
            }
        }

        using var reader = new StreamReader(typeof(Presets).Assembly.GetManifestResourceStream(Prefix + known + Suffix)!);
        return reader.ReadToEnd();
    }
}
