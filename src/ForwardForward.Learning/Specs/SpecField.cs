using static System.FormattableString;

namespace ForwardForward.Learning.Specs;

/// <summary>One field of the spec, as its record declares it.</summary>
internal abstract record SpecField(string Name, string Description)
{
    /// <summary>What the field takes, as an error sentence says it after "expected".</summary>
    public abstract string Expected { get; }
}

internal sealed record TextField(string Name, string Description, int MaximumLength) : SpecField(Name, Description)
{
    public override string Expected => Invariant($"a text of at most {MaximumLength} characters");
}

internal sealed record FlagField(string Name, string Description) : SpecField(Name, Description)
{
    public override string Expected => "true or false";
}

internal sealed record WholeField(string Name, string Description, int Minimum, int Maximum) : SpecField(Name, Description)
{
    public override string Expected => Invariant($"a whole number from {Minimum} to {Maximum}");
}

internal sealed record NumberField(string Name, string Description, double Minimum, double Maximum) : SpecField(Name, Description)
{
    public override string Expected => Invariant($"a number from {Minimum} to {Maximum}");
}

/// <param name="Known">What may stand there, read anew each time.</param>
internal sealed record ChoiceField(string Name, string Description, Func<IReadOnlyList<string>> Known) : SpecField(Name, Description)
{
    public IReadOnlyList<string> Choices => Known();

    public override string Expected => $"one of {string.Join(", ", Choices)}";
}

internal sealed record ListField(string Name, string Description, SpecField Element, int MinimumLength, int MaximumLength)
    : SpecField(Name, Description)
{
    public override string Expected =>
        Element is WholeField whole
            ? Invariant($"a list of {MinimumLength} to {MaximumLength} whole numbers from {whole.Minimum} to {whole.Maximum}")
            : Invariant($"a list of at most {MaximumLength} objects");
}

internal sealed record GroupField(string Name, string Description, IReadOnlyList<SpecField> Fields) : SpecField(Name, Description)
{
    public override string Expected => $"an object with the fields {string.Join(", ", Names)}";

    public IEnumerable<string> Names => Fields.Select(inner => inner.Name);

    /// <summary>The field with this name in any case of its letters, or null.</summary>
    public SpecField? Find(string name) => Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
