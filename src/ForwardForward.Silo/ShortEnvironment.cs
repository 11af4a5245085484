using System.Collections;

namespace ForwardForward.Silo;

/// <summary>Environment variables in the short form: <c>FF_CLUSTER_ID</c> for <c>Silo:ClusterId</c>.</summary>
internal static class ShortEnvironment
{
    private const string Prefix = "FF_";

    public static IConfigurationBuilder AddShortEnvironment(this IConfigurationBuilder configuration) => configuration.AddInMemoryCollection(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value))
            .Where(variable => variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create($"Silo:{variable.Name[Prefix.Length..].Replace("_", "", StringComparison.Ordinal)}", variable.Value)));
}
