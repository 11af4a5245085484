using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ForwardForward.Console.CommandLine;

/// <summary>Makes options whose errors are sentences of ours.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "One JSON object on stdout, the rest on stderr." };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    public static Option<int?> Whole(string name, string description, int minimum, int maximum) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
                Parse<int>(
                    result,
                    $"a whole number from {minimum} to {maximum}",
                    text =>
                        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                        && number >= minimum
                        && number <= maximum
                            ? number
                            : null
                ),
        };

    public static Option<TEnum?> Choice<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var names = Enum.GetNames<TEnum>().Select(choice => choice.ToLowerInvariant()).ToList();
        return new Option<TEnum?>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
                Parse(
                    result,
                    $"one of {string.Join(", ", names)}",
                    text => names.Contains(text.ToLowerInvariant()) ? Enum.Parse<TEnum>(text, ignoreCase: true) : (TEnum?)null
                ),
        }.With(names);
    }

    private static T? Parse<T>(ArgumentResult result, string expected, Func<string, T?> read)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        var value = read(text);
        if (value is null)
        {
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{text}', expected {expected}.");
        }

        return value;
    }
}
