using System.Globalization;
using ForwardForward.Learning;
using ForwardForward.Learning.Specs;

namespace ForwardForward.Console.Sweeps;

/// <summary>A field of which every value is tried.</summary>
/// <param name="Path">As the spec declares it.</param>
/// <param name="Values">As they stand behind an equals sign.</param>
internal sealed record GridField(string Path, IReadOnlyList<string> Values)
{
    public const string Option = "--grid";
    private const double LogarithmicFrom = 20; // times the least value

    /// <summary>Whether equal steps of what is tried are ratios rather than differences.</summary>
    public bool IsLogarithmic
    {
        get
        {
            var numbers = Values
                .Select(value => double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .ToList();
            return numbers.Min() > 0 && numbers.Max() / numbers.Min() >= LogarithmicFrom;
        }
    }

    /// <param name="text"><c>path=a,b,c</c>; lists in brackets.</param>
    /// <param name="spec">What the values are tried in.</param>
    /// <exception cref="InvalidInputException">There is no such field, or it cannot be one of the values.</exception>
    public static GridField Parse(string text, ExperimentSpec spec)
    {
        var shown = text.ReplaceLineEndings(" ");
        if (text.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals))
        {
            throw new InvalidInputException(
                $"{Option}: '{shown}' tries nothing, expected path=a,b as in optimizer.learningRate=0.01,0.02."
            );
        }

        var values = Split(text[(equals + 1)..]).Select(value => value.Trim()).ToList();
        if (values.Contains(""))
        {
            throw new InvalidInputException($"{Option}: '{shown}' has an empty value, expected path=a,b, and lists in brackets.");
        }

        var path = text[..equals].Trim();
        var read = values
            .Select(value => SpecReader.Set(spec, [$"{path}={value}"], Option))
            .Select(changed => FieldPath.Text(FieldPath.Value(changed, FieldPath.Declared(path))))
            .ToList();
        path = FieldPath.Declared(path);
        return read.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidInputException($"{Option}: {path} is to be {twice.Key} twice, expected each value once, lists in brackets.")
            : new GridField(path, read);
    }

    // At commas that are not inside brackets.
    private static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth +=
                text[i] is '[' or '{' ? 1
                : text[i] is ']' or '}' ? -1
                : 0;
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }
}
