using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace ForwardForward.Learning.Specs;

/// <summary>The fields of the spec, read from its records: checks, suggestions and the schema all go by these.</summary>
internal static class SpecFields
{
    private const int MaxText = 4096;

    /// <summary>The fields of <see cref="ExperimentSpec"/>.</summary>
    public static GroupField Spec { get; } = Group("", "An experiment of ForwardForward.Orleans.", typeof(ExperimentSpec));

    /// <summary>What a spec file may hold: the fields of the spec, and the two that say what it is read by and built on.</summary>
    public static GroupField File { get; } =
        Spec with
        {
            Fields =
            [
                new TextField("$schema", "Where an editor finds this schema; not read otherwise.", MaxText),
                new ChoiceField("preset", "The built-in experiment whose values hold wherever this file gives none.", () => Presets.Names),
                .. Spec.Fields,
            ],
        };

    /// <summary>Dotted path of a field with this name in another group, or null.</summary>
    public static string? Elsewhere(string name) =>
        Spec
            .Fields.OfType<GroupField>()
            .Where(group => group.Find(name) is not null)
            .Select(group => $"{group.Name}.{group.Find(name)!.Name}")
            .FirstOrDefault();

    /// <summary>The field at a dotted path, or null.</summary>
    public static SpecField? Find(string path) =>
        path.Split('.').Aggregate<string, SpecField?>(Spec, (field, name) => (field as GroupField)?.Find(name));

    // Metadata order is the order of declaration; reflection alone does not promise it.
    private static GroupField Group(string name, string description, Type record) =>
        new(
            name,
            description,
            [.. record.GetProperties().Where(property => property.CanWrite).OrderBy(property => property.MetadataToken).Select(Field)]
        );

    private static SpecField Field(PropertyInfo property)
    {
        var name = Camel(property.Name);
        var description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        var range = property.GetCustomAttribute<RangeAttribute>();
        return property.PropertyType switch
        {
            var type when type == typeof(string) && property.GetCustomAttribute<NamedInAttribute>() is { } named => new ChoiceField(
                name,
                description,
                () => named.Names
            ),
            var type when type == typeof(string) && property.GetCustomAttribute<OneOfAttribute>() is { } one => new ChoiceField(
                name,
                description,
                () => one.Names
            ),
            var type when type == typeof(string) => new TextField(name, description, MaxText),
            var type when type == typeof(bool) => new FlagField(name, description),
            var type when type == typeof(int) => Whole(name, description, range),
            var type when type == typeof(double) => Number(name, description, range),
            var type when type == typeof(IReadOnlyList<int>) => Widths(name, description, property.GetCustomAttribute<LengthAttribute>()),
            var type when type == typeof(IReadOnlyList<ConvolutionLayerSpec>) => new ListField(
                name,
                description,
                Group("", "", typeof(ConvolutionLayerSpec)),
                0,
                property.GetCustomAttribute<LengthAttribute>()!.MaximumLength
            ),
            { IsEnum: true } type => new ChoiceField(name, description, () => [.. Enum.GetNames(type).Select(Camel)]),
            { IsClass: true } type when type.Assembly == typeof(ExperimentSpec).Assembly => Group(name, description, type),
            var type => throw new NotSupportedException($"The spec's field {name} is a {type.Name}, which no spec can hold."),
        };
    }

    private static WholeField Whole(string name, string description, RangeAttribute? range) =>
        range is null ? new(name, description, int.MinValue, int.MaxValue) : new(name, description, (int)range.Minimum, (int)range.Maximum);

    private static NumberField Number(string name, string description, RangeAttribute? range) =>
        range is null
            ? new(name, description, double.MinValue, double.MaxValue)
            : new(name, description, Double(range.Minimum), Double(range.Maximum));

    // No attribute says what the elements of a list of numbers may be; the only ones are widths, parts and places of layers.
    private static ListField Widths(string name, string description, LengthAttribute? length) =>
        new(name, description, new WholeField("", "", 1, 65_536), length?.MinimumLength ?? 0, length?.MaximumLength ?? int.MaxValue);

    // [Range(0, 1)] holds whole numbers also where the field does not.
    private static double Double(object limit) => Convert.ToDouble(limit, CultureInfo.InvariantCulture);

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
