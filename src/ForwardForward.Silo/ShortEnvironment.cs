using System.Collections;

namespace ForwardForward.Silo;

/// <summary>Environment variables in the short form: <c>FF_CLUSTER_ID</c> for <c>Silo:ClusterId</c>.</summary>
internal static class ShortEnvironment
{
    private const string Prefix = "FF_";

    public static IConfigurationBuilder AddShortEnvironment(this IConfigurationBuilder configuration) =>
        configuration.AddInMemoryCollection(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value))
                .Where(variable => variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(variable => KeyValuePair.Create(KeyOf(variable.Name), variable.Value))
        );

    /// <summary>The variable that gives a setting; null where none does.</summary>
    public static string? VariableOf(string key) =>
        Environment
            .GetEnvironmentVariables()
            .Keys.Cast<string>()
            .FirstOrDefault(name =>
                name.StartsWith(Prefix, StringComparison.Ordinal) && KeyOf(name).Equals(key, StringComparison.OrdinalIgnoreCase)
            );

    private static string KeyOf(string variable) =>
        $"{SettingValues.Section}:{variable[Prefix.Length..].Replace("_", "", StringComparison.Ordinal)}";
}
