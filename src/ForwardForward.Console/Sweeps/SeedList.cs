using System.Globalization;
using ForwardForward.Learning;

namespace ForwardForward.Console.Sweeps;

/// <summary>Seeds as a command line names them: <c>1..5</c>, or <c>1,3,7</c>.</summary>
internal static class SeedList
{
    private const int Most = 1000;
    private const string Between = "..";

    /// <exception cref="InvalidInputException">The text names none, one twice, or too many.</exception>
    public static IReadOnlyList<int> Parse(string text)
    {
        var seeds = text.Split(Between) is [var from, var to] ? Range(from, to) : [.. text.Split(',').Select(Seed)];
        return seeds.Count is > 0 and <= Most && seeds.All(seed => seed is not null) && seeds.Distinct().Count() == seeds.Count
            ? [.. seeds.Select(seed => seed!.Value)]
            : throw new InvalidInputException(
                $"--seeds is '{text.ReplaceLineEndings(" ")}', expected seeds as in 1..5 or 1,3,7: at most {Most:#,0} whole numbers "
                    + $"from 0 to {int.MaxValue}, none of them twice."
            );
    }

    private static List<int?> Range(string from, string to) =>
        (Seed(from), Seed(to)) is ({ } first, { } last) && last >= first && (long)last - first < Most
            ? [.. Enumerable.Range(first, last - first + 1).Select(seed => (int?)seed)]
            : [];

    private static int? Seed(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;
}
