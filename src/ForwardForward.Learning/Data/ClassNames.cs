namespace ForwardForward.Learning.Data;

/// <summary>Names of classes in one text, in the order of the classes' numbers.</summary>
internal static class ClassNames
{
    /// <summary>No name has it: folders of classes cannot be called so.</summary>
    public const char Between = '/';

    private const int MaxLength = 4096; // of a text in a spec

    /// <returns>Empty where there are no names, or more than a spec takes.</returns>
    public static string Join(IReadOnlyList<string>? names) =>
        names is not null && string.Join(Between, names) is { Length: <= MaxLength } text ? text : "";

    /// <returns>Null where the text is empty.</returns>
    public static IReadOnlyList<string>? Split(string text) => text.Length == 0 ? null : text.Split(Between);

    /// <summary>How a class is told to people: its number, and its name where it has one.</summary>
    public static string Of(IReadOnlyList<string>? names, int number) => names is null ? $"{number}" : $"{number} {names[number]}";
}
