using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace ForwardForward.Silo;

/// <summary>
/// Looks at the text of every setting before it is taken, so that a person reads which one cannot be used and where it was given.
/// </summary>
internal static class SettingValues
{
    public const string Section = "Silo";
    private const string ServiceLink = "tcp://"; // what Kubernetes puts into FF_PORT of every pod beside a Service named ff

    /// <exception cref="ValidationException">A setting cannot be used; the message is one sentence.</exception>
    public static void Require(IConfiguration configuration)
    {
        foreach (var setting in typeof(SiloSettings).GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            var key = $"{Section}:{setting.Name}";
            if (configuration[key] is { } given && Expected(setting, given) is { } expected)
            {
                throw new ValidationException($"{key} is '{given}'{Origin(configuration, key)}, expected {expected}{Hint(given)}.");
            }
        }
    }

    /// <returns>Null where the text can be used.</returns>
    private static string? Expected(PropertyInfo setting, string given)
    {
        var what =
            setting.GetCustomAttribute<RangeAttribute>() is { } range ? $"a whole number from {range.Minimum} to {range.Maximum}"
            : setting.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern ? pattern.ErrorMessage
            : setting.PropertyType == typeof(bool) ? "true or false"
            : "some text";
        return
            Converted(setting.PropertyType, given) is { } value
            && setting.GetCustomAttributes<ValidationAttribute>().All(attribute => attribute.IsValid(value))
            ? null
            : what;
    }

    private static object? Converted(Type type, string given)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(given);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Origin(IConfiguration configuration, string key) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(key, out var _)) switch
        {
            CommandLineConfigurationProvider => " (on the command line)",
            MemoryConfigurationProvider when ShortEnvironment.VariableOf(key) is { } variable => $" (environment variable {variable})",
            EnvironmentVariablesConfigurationProvider => $" (environment variable {key.Replace(":", "__", StringComparison.Ordinal)})",
            JsonConfigurationProvider json => $" (in {json.Source.Path})",
            _ => "",
        };

    private static string Hint(string given) =>
        given.StartsWith(ServiceLink, StringComparison.Ordinal)
            ? "; Kubernetes gives pods such variables of the Services beside them, and enableServiceLinks: false in the pod's "
                + "spec keeps them out"
            : "";
}
