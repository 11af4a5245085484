namespace ForwardForward.Learning.Data;

/// <summary>Names of classes in one text, in the order of the classes' numbers.</summary>
internal static class ClassNames
{
    /// <summary>No name has it: folders of classes cannot be called so.</summary>
    public const char Between = '/';

    public static string Join(IReadOnlyList<string>? names) => names is null ? "" : string.Join(Between, names);

    /// <returns>Null where the text is empty.</returns>
    public static IReadOnlyList<string>? Split(string text) => text.Length == 0 ? null : text.Split(Between);
}
